import Foundation
import Spec

/// The learning rate of every step of a training, in closed form but for `plateau`, whose state is handed in.
///
/// Schedules follow each other as in PyTorch's `SequentialLR`: each starts at the optimizer's rate, has its own count of steps,
/// and one without an end takes what is left. When all have ended, the last one's final rate holds. No schedule at all
/// is a constant rate.
public struct LearningRateSchedule: Sendable {
  /// One schedule in its place.
  private struct Segment: Sendable {
    let curve: ScheduleShape.Curve
    let firstStep: Int
    /// May be 0: such a segment never runs, but its final rate may hold.
    let steps: Int
  }

  private let segments: [Segment]
  private let baseRate: Double
  private let stepsPerEpoch: Int
  /// Steps of the whole training.
  public let totalSteps: Int

  /// - Parameters:
  ///   - steps: uses of `ScheduleCatalog.kinds`, free of the errors that `diagnostics` finds.
  ///   - baseRate: the optimizer's learning rate.
  ///   - stepsPerEpoch: steps of an epoch, that with the last smaller batch included.
  ///   - epochs: epochs of the training.
  public init(steps: [Step], baseRate: Double, stepsPerEpoch: Int, epochs: Int) {
    self.baseRate = baseRate
    self.stepsPerEpoch = stepsPerEpoch
    totalSteps = stepsPerEpoch * epochs
    var segments: [Segment] = []
    var start = 0
    for step in steps {
      let shape = ScheduleShape(step)
      let count = shape.epochs.map { $0 * stepsPerEpoch } ?? max(0, totalSteps - start)
      segments.append(Segment(curve: shape.curve, firstStep: start, steps: count))
      start += count
    }
    self.segments = segments
  }

  /// The learning rate of a step, counted from 0 over the whole training. From `totalSteps` on it is the final one.
  ///
  /// - Parameter plateau: the state that `plateau(after:_:figure:)` gave.
  public func rate(_ step: Int, plateau: PlateauState? = nil) -> Double {
    guard let index = segment(of: step) else { return baseRate }
    let segment = segments[index]
    let done = min(step - segment.firstStep, segment.steps)
    let part = segment.steps == 0 ? 1 : Double(done) / Double(segment.steps)
    // The epoch's last step still belongs to the epoch where a schedule is over.
    let epoch = stepsPerEpoch == 0 ? 0 : done / stepsPerEpoch
    switch segment.curve {
    case .linearWarmup(let from): return from + (baseRate - from) * part
    case .cosine(let to): return LearningRateSchedule.cosine(from: baseRate, to: to, part)
    case .constant(let factor): return baseRate * factor
    case .step(let size, let gamma): return baseRate * pow(gamma, Double(epoch / size))
    case .multiStep(let milestones, let gamma):
      return baseRate * pow(gamma, Double(milestones.count { $0 <= epoch }))
    case .exponential(let gamma): return baseRate * pow(gamma, Double(epoch))
    case .cosineWarmRestarts(let first, let factor, let to):
      return LearningRateSchedule.cosine(from: baseRate, to: to, restartPart(done, first: first, factor: factor))
    case .oneCycle(let cycle): return cycle.rate(done, of: segment.steps, baseRate: baseRate)
    case .plateau: return plateau.flatMap { $0.schedule == index ? $0.rate : nil } ?? baseRate
    }
  }

  /// The momentum of a step where a schedule says one: Adam's first beta, SGD's and RMSprop's momentum.
  public func momentum(_ step: Int) -> Double? {
    guard let index = segment(of: step), case .oneCycle(let cycle) = segments[index].curve else { return nil }
    return cycle.momentum(step - segments[index].firstStep, of: segments[index].steps)
  }

  /// The state of a `plateau` after an epoch.
  ///
  /// - Parameters:
  ///   - lastStep: the last step of the epoch, counted from 0 over the whole training.
  ///   - state: what the epoch before gave.
  ///   - figure: the validation's figure by its name, such as `val.loss`.
  /// - Returns: `state` where no `plateau` is at work.
  public func plateau(
    after lastStep: Int, _ state: PlateauState?, figure: (String) -> Double
  ) -> PlateauState? {
    guard let index = segment(of: lastStep), case .plateau(let rule) = segments[index].curve,
      lastStep < segments[index].firstStep + segments[index].steps
    else { return state }
    let before = state.flatMap { $0.schedule == index ? $0 : nil } ?? PlateauState(schedule: index, rate: baseRate)
    return rule.next(before, value: figure(rule.metric))
  }

  private func segment(of step: Int) -> Int? {
    segments.firstIndex { step < $0.firstStep + $0.steps } ?? segments.indices.last
  }

  private static func cosine(from: Double, to: Double, _ part: Double) -> Double {
    to + (from - to) * (1 + cos(.pi * part)) / 2
  }

  /// How much of its cycle is over at a step; each cycle is `factor` times as long as the one before.
  private func restartPart(_ step: Int, first: Int, factor: Int) -> Double {
    var length = first * stepsPerEpoch
    guard length > 0 else { return 0 }
    var left = step
    if factor == 1 {
      left %= length
    } else {
      while left >= length {
        left -= length
        length *= factor
      }
    }
    return Double(left) / Double(length)
  }
}
