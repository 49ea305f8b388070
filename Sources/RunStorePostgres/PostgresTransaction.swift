import CLibPQ

extension PostgresConnection {
    /// Runs `body` between BEGIN and COMMIT; what it throws undoes all and is thrown on.
    ///
    /// A connection that is lost before the commit was sent is `.connectionLost`: nothing was written. Lost while the
    /// commit's answer is awaited it is `.commitUnknown`: all of it was written or nothing, and the caller must look which
    /// (so each transaction leaves a mark that can be looked for, such as its row's key or epoch). Any other failure of the
    /// commit means that nothing was written.
    @discardableResult
    func transaction<Result>(
        _ isolation: PostgresIsolation = .readCommitted, _ body: () throws -> Result
    ) throws -> Result {
        try script("BEGIN ISOLATION LEVEL \(isolation.rawValue)")
        let result: Result
        do {
            result = try body()
        } catch {
            rollBack()
            throw error
        }
        try commit()
        return result
    }

    private func commit() throws {
        guard let handle else { throw lost("it was lost before the commit") }
        // COMMIT of a transaction in which a statement failed succeeds, and rolls back.
        guard PQtransactionStatus(handle) != PQTRANS_INERROR else {
            rollBack()
            throw PostgresFailure(
                .other, "a statement failed and its error was passed over: nothing is committed", at: place)
        }
        do {
            try script("COMMIT")
        } catch var failure as PostgresFailure {
            if self.handle == nil { failure.kind = .commitUnknown }
            throw failure
        }
    }

    private func rollBack() {
        guard handle != nil else { return }
        do {
            try script("ROLLBACK")
        } catch {
            // Without its session the server rolls back as well.
            close()
        }
    }
}

package enum PostgresIsolation: String, Sendable {
    case readCommitted = "READ COMMITTED"
    /// Everything is read as it was at the first statement; a write to what changed since then is `.serialization`.
    case repeatableRead = "REPEATABLE READ"
    case serializable = "SERIALIZABLE"
}
