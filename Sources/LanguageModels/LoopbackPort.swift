import EvolveTypes
import Glibc

/// A port that the system has free on 127.0.0.1.
///
/// It is free when asked for, not reserved: a server that finds it taken exits and is started again with another.
package enum LoopbackPort {
    package static func free() throws -> UInt16 {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw failure() }
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 ? getsockname(socket, $0, &length) : -1
            }
        }
        guard status == 0 else { throw failure() }
        return UInt16(bigEndian: address.sin_port)
    }

    private static func failure() -> Failure {
        Failure(.unavailable, "no port on 127.0.0.1 for the local model: \(String(cString: strerror(errno)))")
    }
}
