/// The trainer's memory: grows to the largest job and stays.
final class Workspace {
    private var allocated: UnsafeMutableRawPointer?
    private var size = 0

    func memory(_ bytes: Int) -> UnsafeMutableRawPointer {
        if let allocated, bytes <= size { return allocated }
        allocated?.deallocate()
        let grown = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        allocated = grown
        size = bytes
        return grown
    }

    deinit { allocated?.deallocate() }
}
