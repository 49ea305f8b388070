import EvolveTypes
import Testing

@testable import RunStorePostgres

@Suite struct PostgresAddressTests {
    @Test(
        "every part is read",
        arguments: [
            ("postgresql://ann@db.example:6432/lab?run=tanh", ["ann", "db.example", "6432", "lab", "tanh"]),
            ("postgres://db.example/lab", [nil, "db.example", nil, "lab", nil]),
            ("postgresql:///lab?host=/run/pg&run=a%20b", [nil, "/run/pg", nil, "lab", "a b"]),
            ("postgresql://%2Frun%2Fpg/lab?run=a&sslmode=require", [nil, "/run/pg", nil, "lab", "a"]),
            ("postgresql://ann@:5433/lab?host=/run/pg", ["ann", "/run/pg", "5433", "lab", nil]),
            ("postgresql://[::1]:5433/lab", [nil, "::1", "5433", "lab", nil]),
            ("postgresql://a:1,b:2/lab?run=r&target_session_attrs=read-write", [nil, "a,b", "1,2", "lab", "r"]),
            ("postgresql://", [nil, nil, nil, nil, nil]),
        ])
    func parts(text: String, expected: [String?]) throws {
        let address = try PostgresAddress(text)
        #expect([address["user"], address["host"], address["port"], address["dbname"], address.run] == expected)
    }

    @Test("other parameters are libpq's")
    func parameters() throws {
        let address = try PostgresAddress("postgresql://ann:s%40crt@h/lab?sslmode=verify-full&run=r&connect_timeout=3")
        #expect(address["sslmode"] == "verify-full")
        #expect(address["connect_timeout"] == "3")
        #expect(address["password"] == "s@crt")
        #expect(address["run"] == nil)
    }

    @Test("the description can be typed again, but for the password")
    func description() throws {
        let address = try PostgresAddress("postgresql://ann:secret@h:6432/lab?sslmode=require&run=r")
        #expect("\(address)" == "postgresql://ann@h:6432/lab?run=r")
        let socket = try PostgresAddress("postgresql://:6432/lab?host=/run/pg&run=r")
        let again = try PostgresAddress("\(socket)")
        #expect(again["host"] == "/run/pg" && again["port"] == "6432" && again["dbname"] == "lab" && again.run == "r")
    }

    @Test(
        "others get all of it but the secrets",
        arguments: [
            (
                "postgresql://ann:se%40cret@h:6432/lab?sslmode=require&sslpassword=pw&run=r",
                "postgresql://ann@h:6432/lab?sslmode=require&run=r"
            ),
            ("postgresql://a%2Fb:pw@h/lab", "postgresql://a%2Fb@h/lab"),
            ("postgresql://ann:pw@/lab?host=/run/pg&run=r%261", "postgresql:///lab?user=ann&host=/run/pg&run=r%261"),
            (
                "postgresql://ann:pw@h1:1,h2:2/lab?application_name=a%20b",
                "postgresql:///lab?user=ann&host=h1,h2&port=1,2&application_name=a%20b"
            ),
        ])
    func withoutPassword(text: String, expected: String) throws {
        let address = try PostgresAddress(text)
        #expect(Set(address.withoutPassword.split { "?&".contains($0) }) == Set(expected.split { "?&".contains($0) }))
        let known = try PostgresAddress(address.withoutPassword)
        for keyword in ["host", "port", "user", "dbname", "sslmode"] { #expect(known[keyword] == address[keyword]) }
        #expect(known.run == address.run && known["password"] == nil)
    }

    @Test(
        "what is no such address is refused",
        arguments: [
            ("run.evolve", "run.evolve is no address of a database: write postgresql://HOST/DATABASE?run=NAME"),
            ("postgresql://h/d?run=", "postgresql://h/d?run= must name one run: run=NAME"),
            ("postgresql://h/d?run=a&run=b", "postgresql://h/d?run=a&run=b must name one run: run=NAME"),
            (
                "postgresql://h/d?colour=red",
                "postgresql://h/d?colour=red is no address of a database: invalid URI query parameter: \"colour\""
            ),
            (
                "postgresql://u:secr%zz@h/d",
                "the password in postgresql://u:***@h/d cannot be read: write % as %25, or set PGPASSWORD instead"
            ),
            (
                "postgresql://u:secret@h/d#r",
                "postgresql://u:***@h/d#r: in the password or a name write %40 for @, %2F for /, %3F for ? and %23 for #"
            ),
        ])
    func refusals(text: String, message: String) {
        #expect(throws: Failure(.misuse, message)) { try PostgresAddress(text) }
    }

    @Test(
        "no text of ours shows the password",
        arguments: [
            "postgresql://u:s3cr3t@h/d?run=r", "postgresql://u:a%20s3cr3t@h:bad/d", "postgresql://u:x@s3cr3t@h/d",
            "postgresql://u:x/s3cr3t@h/d", "postgresql://u:x?s3cr3t@h/d", "postgresql://u:x#s3cr3t@h/d",
            "postgresql://u:x:s3cr3t@h/d", "postgresql://u:s3cr3t%zz@h/d", "postgresql://u:s3cr3t%00@h/d",
            "postgresql://u@h/d?password=s3cr3t", "postgresql://u@h/d?sslpassword=s3cr3t&run=", "mysql://u:s3cr3t@h/d",
            "postgresql://h/d?options=a@b&password=s3cr3t&colour=red", "postgresql://u:s3cr3t@[h/d",
            "postgresql://u:s3cr3t@h/d?x",
        ])
    func secrecy(text: String) throws {
        let shown: String
        do {
            let address = try PostgresAddress(text)
            shown = "\(address)"
        } catch {
            shown = "\(error)"
        }
        #expect(!shown.contains("s3cr3t"), "\(shown)")
        #expect(!shown.contains("\n"))
    }
}
