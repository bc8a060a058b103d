import Audio
import Diagnostics
import Foundation
import Glibc
import TensorRuntime

/// What a run was computed with: the content of `env.json`.
public struct EnvironmentRecord: Sendable {
  /// `serspec`'s version.
  public let version: String
  /// As the system names it, `AMD EPYC 9654 96-Core Processor`; the architecture where it does not.
  public let cpu: String
  /// Logical processors that the process may use.
  public let cores: Int
  /// Threads that the run uses.
  public let threads: Int
  /// The distribution and the kernel: `Debian GNU/Linux 12 (bookworm), Linux 6.1.0`.
  public let operatingSystem: String
  /// In MiB.
  public let memoryMiB: Int
  /// The compiler that the program was built with, `6.3`.
  public let swift: String
  /// Libraries and kernels with their versions, such as `blas_kernel`: whatever the caller knows.
  public let libraries: [(name: String, version: String)]

  /// Looks at the machine that the process runs on.
  public init(version: String, threads: Int, libraries: [(name: String, version: String)] = []) {
    self.version = version
    self.threads = threads
    self.libraries = libraries
    let system = Self.system()
    cpu = Self.cpuModel(fromCPUInfo: Self.text("/proc/cpuinfo")) ?? system.machine
    cores =
      Self.allowedProcessors(fromStatus: Self.text("/proc/self/status")) ?? ProcessInfo.processInfo.activeProcessorCount
    let distribution = Self.distribution(fromOSRelease: Self.text("/etc/os-release"))
    let kernel = "\(system.name) \(system.release)"
    operatingSystem = distribution.map { "\($0), \(kernel)" } ?? kernel
    memoryMiB = Int(ProcessInfo.processInfo.physicalMemory >> 20)
    swift = Self.compiler
  }

  public var json: JSON {
    [
      "serspec": .string(version), "cpu": .string(cpu), "cores": .integer(cores), "threads": .integer(threads),
      "memory_mib": .integer(memoryMiB), "os": .string(operatingSystem), "swift": .string(swift),
      "libraries": .object(libraries.map { (key: $0.name, value: .string($0.version)) }),
    ]
  }

  /// What the bits of a run depend on beside its spec: our kernels' level, OpenBLAS with the kernel that it picked, FFTW, the C
  /// library.
  ///
  /// - Throws: `DiagnosticFailure` (`run.blas_missing`).
  public static func numericLibraries() throws -> [(name: String, version: String)] {
    let blas = try loadBLAS()
    return [
      ("kernel_level", Kernels.level), ("blas_kernel", blas.coreName),
      ("blas", blas.configuration.trimmingCharacters(in: .whitespaces)), ("fftw", RealTransform.libraryVersion),
      ("libc", libc),
    ]
  }

  /// `glibc 2.36`
  private static var libc: String {
    var text = [UInt8](repeating: 0, count: 64)
    let length = text.withUnsafeMutableBytes {
      confstr(Int32(_CS_GNU_LIBC_VERSION), $0.bindMemory(to: CChar.self).baseAddress, $0.count)
    }
    return length > 0 ? String(decoding: text.prefix { $0 != 0 }, as: UTF8.self) : "unknown"
  }

  /// The first `model name` of a `/proc/cpuinfo`; ARM kernels give none.
  package static func cpuModel(fromCPUInfo text: String) -> String? {
    for line in text.split(separator: "\n") where line.hasPrefix("model name") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let name = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      if !name.isEmpty { return name }
    }
    return nil
  }

  /// How many processors the `Cpus_allowed_list` of a `/proc/<pid>/status` has, such as `0-3,8`: what `taskset` and containers
  /// leave of the machine's.
  package static func allowedProcessors(fromStatus text: String) -> Int? {
    let key = "Cpus_allowed_list:"
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(key) }) else { return nil }
    var count = 0
    for range in line.dropFirst(key.count).trimmingCharacters(in: .whitespaces).split(separator: ",") {
      let bounds = range.split(separator: "-").map { Int($0) }
      guard bounds.count <= 2, let first = bounds.first ?? nil, let last = bounds.last ?? nil, last >= first else {
        return nil
      }
      count += last - first + 1
    }
    return count > 0 ? count : nil
  }

  /// `PRETTY_NAME` of an `os-release`, without its quotes.
  package static func distribution(fromOSRelease text: String) -> String? {
    let key = "PRETTY_NAME="
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(key) }) else { return nil }
    let name = line.dropFirst(key.count).trimmingCharacters(in: CharacterSet(charactersIn: "\"' "))
    return name.isEmpty ? nil : name
  }

  private static func text(_ path: String) -> String {
    // Files of /proc have no size beforehand, so they are read as streams.
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  private static func system() -> (name: String, release: String, machine: String) {
    var names = utsname()
    guard uname(&names) == 0 else { return ("unknown", "unknown", "unknown") }
    func string<Field>(_ field: Field) -> String {
      withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
    return (string(names.sysname), string(names.release), string(names.machine))
  }

  /// The language has no call for its version, only conditions.
  private static var compiler: String {
    #if compiler(>=6.5)
      "6.5 or later"
    #elseif compiler(>=6.4)
      "6.4"
    #elseif compiler(>=6.3)
      "6.3"
    #elseif compiler(>=6.2)
      "6.2"
    #elseif compiler(>=6.1)
      "6.1"
    #else
      "6.0"
    #endif
  }
}
