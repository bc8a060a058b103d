import Foundation
import Glibc

/// The largest resident size of the process so far, in MB.
func peakResidentMegabytes() -> Int {
  // What `getrusage` tells would have the size of the program in it that started this one.
  let status = FileManager.default.contents(atPath: "/proc/self/status") ?? Data()
  let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
  if let kibibytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) }) {
    return kibibytes * 1024 / 1_000_000
  }
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_maxrss * 1024 / 1_000_000
}
