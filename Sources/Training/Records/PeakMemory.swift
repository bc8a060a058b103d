import Glibc

/// The largest resident size of the process so far, in MB.
func peakResidentMegabytes() -> Int {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_maxrss * 1024 / 1_000_000
}
