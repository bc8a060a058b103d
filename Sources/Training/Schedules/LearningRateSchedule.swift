import Foundation
import Spec

/// The learning rate of every step of a training, in closed form.
///
/// Schedules follow each other as in PyTorch's `SequentialLR`: each starts at the optimizer's rate, has its own count of steps,
/// and one without an end takes what is left. When all have ended, the last one's final rate holds. No schedule at all
/// is a constant rate.
public struct LearningRateSchedule: Sendable {
  /// One schedule in its place.
  private struct Segment: Sendable {
    enum Curve: Sendable {
      case linear(from: Double)
      case cosine(to: Double)
    }

    let curve: Curve
    let firstStep: Int
    /// May be 0: such a segment never runs, but its final rate may hold.
    let steps: Int
  }

  private let segments: [Segment]
  private let baseRate: Double
  /// Steps of the whole training.
  public let totalSteps: Int

  /// - Parameters:
  ///   - steps: uses of `ScheduleCatalog.kinds`, free of the errors that `diagnostics(for:baseRate:epochs:)` finds.
  ///   - baseRate: the optimizer's learning rate.
  ///   - stepsPerEpoch: batches of an epoch, the last smaller one included.
  ///   - epochs: epochs of the training.
  public init(steps: [Step], baseRate: Double, stepsPerEpoch: Int, epochs: Int) {
    self.baseRate = baseRate
    totalSteps = stepsPerEpoch * epochs
    var segments: [Segment] = []
    var start = 0
    for step in steps {
      let shape = ScheduleShape(step)
      let count = shape.epochs.map { $0 * stepsPerEpoch } ?? max(0, totalSteps - start)
      let curve: Segment.Curve =
        switch shape.curve {
        case .linearWarmup(let from): .linear(from: from)
        case .cosine(let to): .cosine(to: to)
        }
      segments.append(Segment(curve: curve, firstStep: start, steps: count))
      start += count
    }
    self.segments = segments
  }

  /// The learning rate of a step, counted from 0 over the whole training. From `totalSteps` on it is the final one.
  public func rate(_ step: Int) -> Double {
    guard let segment = segments.first(where: { step < $0.firstStep + $0.steps }) ?? segments.last else {
      return baseRate
    }
    let done = min(step - segment.firstStep, segment.steps)
    let part = segment.steps == 0 ? 1 : Double(done) / Double(segment.steps)
    switch segment.curve {
    case .linear(let from): return from + (baseRate - from) * part
    case .cosine(let to): return to + (baseRate - to) * (1 + cos(.pi * part)) / 2
    }
  }
}
