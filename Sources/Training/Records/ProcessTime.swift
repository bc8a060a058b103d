import Foundation
import Glibc

/// Seconds since the process was started, to a hundredth; nil where the system does not tell.
func secondsSinceStart() -> Double? {
  // proc(5): the name in parentheses may hold anything; field 22, the start in clock ticks since boot, is the 20th behind it.
  let status = String(decoding: FileManager.default.contents(atPath: "/proc/self/stat") ?? Data(), as: UTF8.self)
  let fields = status[(status.lastIndex(of: ")") ?? status.startIndex)...].split(separator: " ")
  var now = timespec()
  guard fields.count > 20, let ticks = Double(fields[20]), clock_gettime(CLOCK_BOOTTIME, &now) == 0 else { return nil }
  return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9 - ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
}
