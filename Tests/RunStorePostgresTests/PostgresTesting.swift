import Foundation
import Labs
import Testing

@testable import RunStorePostgres

/// Tests that share the server take turns: some of them stop it.
@Suite(.serialized, .enabled(if: PostgresLab.isUsable, "PostgreSQL is not installed"))
struct PostgresServerTests {}

extension PostgresLab.Database {
    func connect(
        _ settings: PostgresSettings = PostgresSettings(), overTCP: Bool = false
    ) throws -> PostgresConnection {
        try PostgresConnection(try PostgresAddress(overTCP ? addressOverTCP : address), settings)
    }
}

extension Retrying {
    /// With the machine's clock.
    static func live(_ observe: @escaping (Event) -> Void = { _ in }) -> Retrying {
        Retrying(
            sleep: { Thread.sleep(forTimeInterval: $0) }, jitter: { .random(in: 0..<1) },
            now: { Date().timeIntervalSinceReferenceDate }, observe: observe)
    }
}

func kind(_ body: () throws -> Void) -> PostgresFailure.Kind? {
    #expect(throws: PostgresFailure.self) { try body() }?.kind
}
