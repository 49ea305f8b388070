import EvolveTypes
import Foundation
import GRDB
import RunStore
import Testing

/// A store as version 1 wrote it, frozen as text. Never change this file to make a test pass.
enum StoreV1 {
    static let schema = """
        CREATE TABLE manifest (id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL, seed TEXT NOT NULL,
            policy BLOB NOT NULL, replay INTEGER NOT NULL, createdAt REAL NOT NULL) STRICT;
        CREATE TABLE definition (position INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL,
            bytes BLOB NOT NULL) STRICT;
        CREATE TABLE answer (slot INTEGER NOT NULL, attempt INTEGER NOT NULL, model TEXT NOT NULL, failure TEXT,
            completionTokens INTEGER NOT NULL, seconds REAL NOT NULL, json TEXT NOT NULL,
            PRIMARY KEY (slot, attempt)) STRICT;
        CREATE TABLE slot (slot INTEGER PRIMARY KEY, island TEXT NOT NULL, variation TEXT NOT NULL,
            verdict TEXT NOT NULL, gain REAL, cost REAL, source TEXT, json TEXT NOT NULL) STRICT;
        CREATE TABLE verification (verification INTEGER PRIMARY KEY, stage TEXT NOT NULL, name TEXT NOT NULL,
            verdict TEXT NOT NULL, gain REAL, json TEXT NOT NULL) STRICT
        """

    private static let content = """
        PRAGMA application_id = 1163284300;
        CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
        INSERT INTO grdb_migrations VALUES ('v1');
        INSERT INTO manifest VALUES (1, 'old', '18446744073709551615', CAST('{"slots":1}' AS BLOB), 0, 1700000000.0);
        INSERT INTO definition VALUES (0, 'Runs/old.yaml', 'unused', CAST('slots: 1' AS BLOB));
        INSERT INTO answer VALUES (0, 0, 'local/old', NULL, 7, 1.5, '{"attempt":0,"completionTokens":7,"model":"local/old",\
        "prompt":"p","promptSHA256":"148de9c5a7a44d19e56cd9ae1a554bf67847afb0c58f6e12fa29ac7ddfca9940","promptTokens":3,\
        "seconds":1.5,"slot":0,"text":"t"}');
        INSERT INTO slot VALUES (0, 'smooth', 'seed', 'unsound', NULL, 2.0, 's', '{"canonicalHash":"h","cost":2,"descriptor":{"leftSlope":0,"rightSlope":1.5,"turns":1},\
        "fingerprint":"f","idea":"gelu","island":"smooth","parents":[],"slot":0,"source":"s",\
        "times":{"compile":0.5,"propose":0.25,"train":1},"variation":"seed","verdict":{"unsound":{"_0":"f(0) is NaN"}}}');
        """

    static func write(to path: String) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: schema + ";" + content) }
        try queue.close()
    }

    static func expectContent(of store: some RunStore) throws {
        let manifest = try store.manifest()
        #expect(manifest.name == "old" && manifest.seed == .max && !manifest.replay)
        #expect(manifest.policy == Data(#"{"slots":1}"#.utf8))
        #expect(manifest.definitions == [DefinitionFile(path: "Runs/old.yaml", bytes: Data("slots: 1".utf8))])
        #expect(manifest.createdAt == Date(timeIntervalSince1970: 1_700_000_000))
        #expect(
            try store.answers() == [
                AnswerRecord(
                    slot: 0, attempt: 0, model: "local/old", prompt: "p", text: "t", failure: nil, promptTokens: 3,
                    completionTokens: 7, seconds: 1.5)
            ])
        var total = AnswerTotal()
        for answer in try store.answers() { total.add(answer) }
        #expect(try store.answerTotals() == ["local/old": total] && total.calls == 1)
        #expect(
            try store.slots(from: 0) == [
                SlotRecord(
                    slot: 0, island: "smooth", variation: "seed", parents: [], model: nil, source: "s", idea: "gelu",
                    canonicalHash: "h", fingerprint: "f", cost: 2,
                    descriptor: BehaviourDescriptor(leftSlope: 0, rightSlope: 1.5, turns: 1),
                    verdict: .unsound("f(0) is NaN"),
                    times: SlotRecord.Times(propose: 0.25, compile: 0.5, train: 1))
            ])
    }
}
