/// Time limits of a session, in seconds. A cluster's network and a loaded server need patience; a lease that runs out while
/// its worker waits needs an end to it.
struct PostgresSettings: Hashable, Sendable {
    /// For reaching a server and logging in, all hosts of the address together.
    var connectTimeout = 20.0
    /// Server: a statement that takes longer is ended (57014).
    var statementTimeout = 30.0
    /// Server: so is one that waits longer for a lock (55P03).
    var lockTimeout = 10.0
    /// Server: a session that does nothing inside a transaction is ended. It holds locks, and every open transaction slows
    /// down the claims of all others.
    var idleInTransactionTimeout = 30.0
    /// Client: how much longer than `statementTimeout` an answer may take before the connection counts as lost.
    var answerGrace = 10.0
    /// Client: sent data that is not acknowledged for so long breaks the connection, as does a peer that is silent for it.
    var networkTimeout = 15.0

    /// libpq's parameters; an address may override them.
    var parameters: [(keyword: String, value: String)] {
        [
            ("fallback_application_name", "evolve"), ("client_encoding", "UTF8"),
            ("tcp_user_timeout", String(Int(networkTimeout * 1000))),
            ("keepalives_idle", String(Int(max(1, networkTimeout / 3)))),
            ("keepalives_interval", String(Int(max(1, networkTimeout / 3)))), ("keepalives_count", "2"),
        ]
    }

    /// What a new session is told first.
    ///
    /// `synchronous_commit` stays the server's (on by default: a commit that returns is on its disk).
    var statements: String {
        func milliseconds(_ seconds: Double) -> Int { max(1, Int(seconds * 1000)) }
        return """
            SET statement_timeout = \(milliseconds(statementTimeout));
            SET lock_timeout = \(milliseconds(lockTimeout));
            SET idle_in_transaction_session_timeout = \(milliseconds(idleInTransactionTimeout));
            -- A worker whose machine went away leaves its place within a minute.
            SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3;
            -- The forms that PostgresValue reads.
            SET bytea_output = hex; SET extra_float_digits = 1; SET standard_conforming_strings = on;
            """
    }
}
