import CLibPQ

/// What another session told those who listen.
package struct PostgresNotification: Hashable, Sendable {
    package var channel: String
    package var payload: String
}

/// LISTEN and NOTIFY. A notification is a hint that there is something to look at, never the thing itself: whoever was not
/// connected does not get it.
extension PostgresConnection {
    func listen(_ channel: String) throws {
        guard let handle else { throw lost("it was lost before") }
        guard let name = PQescapeIdentifier(handle, channel, channel.utf8.count) else {
            throw PostgresFailure(.other, "\(channel) cannot name a channel", at: place)
        }
        defer { PQfreemem(name) }
        try script("LISTEN \(String(cString: name))")
    }

    /// Within a transaction it is sent with the commit.
    func notify(_ channel: String, _ payload: String = "") throws {
        try execute("SELECT pg_notify($1, $2)", [channel, payload])
    }

    /// Waits for notifications, `seconds` at most; gives those that are there, oldest first, none when the time is over.
    func wait(seconds: Double) throws -> [PostgresNotification] {
        guard let handle else { throw lost("it was lost before") }
        let deadline = Deadline(seconds: seconds)
        while true {
            guard PQconsumeInput(handle) == 1 else { throw lost(PostgresConnection.message(handle)) }
            var notifications = [PostgresNotification]()
            while let pointer = PQnotifies(handle) {
                defer { PQfreemem(pointer) }
                notifications.append(
                    PostgresNotification(
                        channel: String(cString: pointer.pointee.relname),
                        payload: String(cString: pointer.pointee.extra)))
            }
            if !notifications.isEmpty || !waitForSocket(PQsocket(handle), toWrite: false, deadline) {
                return notifications
            }
        }
    }
}
