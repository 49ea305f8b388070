import ArgumentParser
import EvolveTypes
import Foundation
import RunStore

/// `evolve store`: what is done with a run's store as a whole.
struct StoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "Copy, check or export a run's store.",
        subcommands: [CopyCommand.self, CheckStoreCommand.self, ExportCommand.self])

    struct CopyCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "copy",
            abstract: "Copy a run from one store to another, also between a file and a database.",
            discussion: """
                The copy has the same digest and goes on as the original would have: take a run from a laptop to a cluster
                and home again. Copy it while nobody works at it.
                """)

        @Argument(help: "The store to copy.")
        var from: String

        @Argument(help: "The new store: a file, or postgresql://HOST/DATABASE?run=NAME.")
        var to: String

        func run() throws {
            let origin = try StorePlace(from)
            let original = try origin.read()
            // Of a complete run nothing changes any more, whoever has not left yet.
            if try original.pulse().phase != .complete,
                try original.workers().contains(where: { $0.state == .working })
            {
                throw Failure(.unavailable, "workers are at \(origin): stop them first, or wait until they have left")
            }
            let place = try StorePlace(to)
            guard (try? place.read()) == nil else {
                throw Failure(.misuse, "\(place) holds a run already, and is left as it is: name a new store")
            }
            let copy = try place.create(original.manifest(), answersOf: original)
            try original.forEachPageOfSlots { try copy.commit($0) }
            for record in try original.verifications() { try copy.record(record) }
            if let snapshot = try original.snapshot() { try copy.keep(snapshot) }
            let (old, new) = (try RunDigest.of(original), try RunDigest.of(copy))
            guard old == new else {
                throw Failure(.internalError, "the copy has another digest than the original: keep the original")
            }
            Output.note("\(place): \(try copy.slotCount()) slots, digest \(new)")
        }
    }

    struct CheckStoreCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Check that a store is whole: hashes, order, duplicates.")

        @Argument(help: ArgumentHelp("The run's store.", valueName: "store"))
        var store: String

        func run() throws {
            let check = try StoreCheck(StorePlace(store).read())
            guard check.findings.isEmpty else {
                for finding in check.findings { Output.note(finding) }
                throw Failure(.badInput, "\(store) is not as a run leaves it: restore a copy")
            }
            Output.result(
                "whole: \(check.slots) slots, \(check.answers) answers, \(check.verifications) verifications")
        }
    }

    struct ExportCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export",
            abstract: "Write a run as one portable file of JSON lines, to be shared and replayed.",
            discussion: """
                It holds the run's definitions, every request and answer, every slot and measurement, and no key:
                evolve run NAME --replay FILE repeats the run from it.
                """)

        @Argument(help: ArgumentHelp("The run's store.", valueName: "store"))
        var store: String

        @Option(name: .shortAndLong, help: "The file to write; it must not be there yet.")
        var output: String

        func run() throws {
            let run = try StorePlace(store).read()
            let file = open(output, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
            guard file >= 0 else {
                throw errno == EEXIST
                    ? Failure(.misuse, "\(output) is there already: name another file")
                    : Failure(.unavailable, "\(output) cannot be written: check its folder and the space left")
            }
            let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
            var bytes = 0
            do {
                try PortableRun.write(run) { line in
                    do { try handle.write(contentsOf: line) } catch {
                        throw Failure(
                            .unavailable, "\(output) cannot be written: check its folder and the space left")
                    }
                    bytes += line.count
                }
            } catch {
                unlink(output)
                throw error
            }
            Output.note("\(output): \(bytes) bytes")
        }
    }
}
