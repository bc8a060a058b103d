import Foundation

/// The wall-clock times of equal or similar steps, with the work that each had to do.
package struct StepTimes: Sendable {
  package let seconds: [Double]
  /// Multiply-adds of each step.
  package let multiplyAdds: [Int]

  package init(seconds: [Double], multiplyAdds: [Int]) {
    precondition(!seconds.isEmpty && seconds.count == multiplyAdds.count, "each step has its work")
    self.seconds = seconds
    self.multiplyAdds = multiplyAdds
  }

  package var median: Double { StepTimes.median(seconds) }
  package var mean: Double { seconds.reduce(0, +) / Double(seconds.count) }
  /// The median of the steps' speeds in billions of floating-point operations a second, two for a multiply-add.
  package var gigaflops: Double { StepTimes.median(zip(multiplyAdds, seconds).map { 2 * Double($0) / $1 / 1e9 }) }

  /// The middle value, or the mean of the two in the middle; `values` has one at least.
  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}
