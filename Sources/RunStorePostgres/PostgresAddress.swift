import CLibPQ
import EvolveTypes
import Foundation

/// Where a shared run lives: a database and, in it, the run's name.
///
///     postgresql://[user[:password]@][host[:port]][,…]/database[?run=NAME][&parameter=value…]
///     postgresql:///database?host=/folder/of/the/socket&run=NAME
///
/// All but `run` is libpq's: its parameters, and for what is left out its environment (`PGHOST`, `PGPASSWORD`, `PGPASSFILE`,
/// `PGSSLMODE`, `PGSSLROOTCERT`, …). A password belongs there rather than in an address, which other users of the machine
/// can read in the list of processes. Neither `description` nor an error ever shows one.
package struct PostgresAddress: Hashable, Sendable, CustomStringConvertible {
    /// The run's name; nil when the address has none.
    package var run: String?
    /// libpq's connection parameters, in the address's order, the password among them.
    let parameters: [Parameter]

    struct Parameter: Hashable, Sendable {
        var keyword: String
        var value: String
    }

    /// Whether `text` is meant as such an address, rather than as the name of a file.
    package static func recognises(_ text: String) -> Bool {
        ["postgresql://", "postgres://"].contains { text.hasPrefix($0) }
    }

    /// Throws `Failure(.misuse)` when `text` is no such address.
    package init(_ text: String) throws {
        let shown = PostgresAddress.redacted(text)
        guard PostgresAddress.recognises(text) else {
            throw Failure(.misuse, "\(shown) is no address of a database: write postgresql://HOST/DATABASE?run=NAME")
        }
        // libpq would read such a password as a host or a database, and show it.
        let parts = text.prefix { $0 != "?" }.split(separator: "/", omittingEmptySubsequences: false)
        guard parts[2].count(where: { $0 == "@" }) <= 1, !parts[3...].joined().contains("@"), !text.contains("#") else {
            throw Failure(
                .misuse, "\(shown): in the password or a name write %40 for @, %2F for /, %3F for ? and %23 for #")
        }
        let (address, run) = try PostgresAddress.takeRun(from: text, shown: shown)
        self.run = run
        do {
            parameters = try PostgresAddress.parse(address)
        } catch {
            // libpq quotes what it cannot read: it gets to see the address without the password, and complains again.
            do {
                _ = try PostgresAddress.parse(PostgresAddress.redacted(address))
            } catch let error as Unreadable {
                throw Failure(.misuse, "\(shown) is no address of a database: \(error.reason)")
            }
            throw Failure(.misuse, "the password in \(shown) cannot be read: write % as %25, or set PGPASSWORD instead")
        }
    }

    /// The address without password, and without parameters where it can do without.
    package var description: String {
        guard isPlain else { return withoutPassword }
        let user = self["user"].map { "\($0)@" } ?? ""
        let port = self["port"].map { ":\($0)" } ?? ""
        let run = run.map { "?run=\($0)" } ?? ""
        return "postgresql://\(user)\(self["host"] ?? "")\(port)/\(self["dbname"] ?? "")\(run)"
    }

    /// The address with all its parameters but the secret ones, for others, who have a password of their own.
    package var withoutPassword: String {
        let host = self["host"] ?? ""
        let user = self["user"].map { "\(Self.escaped($0))@" } ?? ""
        let port = self["port"].map { ":\($0)" } ?? ""
        let left = ["dbname", "password", "sslpassword"] + (isPlain ? ["host", "port", "user"] : [])
        let items =
            parameters.filter { !left.contains($0.keyword) }.map { ($0.keyword, $0.value) }
            + (run.map { [("run", $0)] } ?? [])
        let query = items.map { "\($0)=\(Self.escaped($1, leaving: "/,"))" }.joined(separator: "&")
        return "postgresql://" + (isPlain ? "\(user)\(Self.escaped(host))\(port)" : "")
            + "/\(Self.escaped(self["dbname"] ?? ""))" + (query.isEmpty ? "" : "?\(query)")
    }

    /// The folder of a socket, several hosts or an IPv6 address stand among the parameters.
    private var isPlain: Bool { !(self["host"] ?? "").contains { "/,:".contains($0) } }

    /// Percent-encoded; the characters that part an address are left as they are only where they part nothing.
    private static func escaped(_ text: String, leaving parting: String = "") -> String {
        let plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~" + parting
        return text.addingPercentEncoding(withAllowedCharacters: .init(charactersIn: plain)) ?? text
    }

    subscript(keyword: String) -> String? { parameters.last { $0.keyword == keyword }?.value }

    // MARK: - Reading

    /// `run=NAME` is ours: libpq refuses parameters that it does not know.
    private static func takeRun(from text: String, shown: String) throws -> (address: String, run: String?) {
        guard let mark = text.firstIndex(of: "?") else { return (text, nil) }
        let items = text[text.index(after: mark)...].split(separator: "&")
        let named = items.filter { $0.hasPrefix("run=") }
        let others = items.filter { !$0.hasPrefix("run=") }
        let address = text[..<mark] + (others.isEmpty ? "" : "?" + others.joined(separator: "&"))
        guard let last = named.last else { return (String(address), nil) }
        guard named.count == 1, let name = last.dropFirst(4).removingPercentEncoding, !name.isEmpty else {
            throw Failure(.misuse, "\(shown) must name one run: run=NAME")
        }
        return (String(address), name)
    }

    private struct Unreadable: Error { var reason: String }

    private static func parse(_ address: String) throws -> [Parameter] {
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(address, &message) else {
            defer { PQfreemem(message) }
            let reason = message.map { String(cString: $0) } ?? "out of memory"
            throw Unreadable(reason: reason.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        defer { PQconninfoFree(options) }
        var parameters = [Parameter]()
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val {
                parameters.append(Parameter(keyword: String(cString: keyword), value: String(cString: value)))
            }
            option += 1
        }
        return parameters
    }

    /// `text` with *** for every password, also where @, / or ? in it were not escaped.
    static func redacted(_ text: String) -> String {
        var text = text
        let start = text.range(of: "://")?.upperBound ?? text.startIndex
        let address = text[start...]
        // An @ behind the ? is taken to end a password with a ? in it, rather than to be in a parameter.
        if let at = address.lastIndex(of: "@"), let colon = address[..<at].firstIndex(of: ":") {
            text.replaceSubrange(colon..<at, with: ":***")
        }
        return text.replacing(/password=[^&]*/, with: "password=***")
    }
}
