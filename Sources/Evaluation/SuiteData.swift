import EvolveTypes

extension SuitePolicy {
    /// The data sets of a task.
    package func data(of index: Int) throws -> TaskData {
        var tables: [String: TableText] = [:]
        return try data(of: index, tables: &tables)
    }

    /// The data sets of a task.
    /// - Parameter tables: those read so far, by path: reading a large one takes longer than cutting it.
    package func data(of index: Int, tables: inout [String: TableText]) throws -> TaskData {
        if case .table(let rows) = tasks[index].target, tables[rows.table] == nil,
            let table = self.tables?.first(where: { $0.path == rows.table })
        {
            do {
                tables[rows.table] = try TableText(table.text)
            } catch {
                throw Failure(.badInput, "table \(table.path): \(error.diagnostics.first?.message ?? "unreadable")")
            }
        }
        return try TaskData(tasks[index], points: points, tables: tables)
    }
}
