import Foundation

/// The course of learning rate and momentum of `one_cycle`, as PyTorch's OneCycleLR (Smith, Topin 2018).
struct OneCycle: Sendable {
  /// nil: the optimizer's.
  let maxRate: Double?
  let startShare: Double
  let isLinear: Bool
  let divFactor: Double
  let finalDivFactor: Double
  let hasThreePhases: Bool
  /// Lowest and highest; nil where it stays the optimizer's.
  let momentum: (base: Double, max: Double)?

  private enum Level { case start, peak, end }

  /// The phases: the step that each ends at, and what it goes from and to. Momentum goes the other way.
  private func phases(_ steps: Int) -> [(end: Double, from: Level, to: Level)] {
    let rise = startShare * Double(steps)
    let last = Double(steps - 1)
    if hasThreePhases { return [(rise - 1, .start, .peak), (2 * rise - 2, .peak, .start), (last, .start, .end)] }
    return [(rise - 1, .start, .peak), (last, .peak, .end)]
  }

  /// Where a step, from 0, of `steps` is.
  private func place(_ step: Int, of steps: Int) -> (from: Level, to: Level, part: Double) {
    let at = Double(max(0, min(step, steps - 1)))
    let phases = phases(steps)
    let index = phases.firstIndex { at <= $0.end } ?? phases.count - 1
    let start = index == 0 ? 0 : phases[index - 1].end
    let length = phases[index].end - start
    return (phases[index].from, phases[index].to, length > 0 ? (at - start) / length : 1)
  }

  private func between(_ from: Double, _ to: Double, _ part: Double) -> Double {
    isLinear ? from + (to - from) * part : to + (from - to) * (1 + cos(.pi * part)) / 2
  }

  func rate(_ step: Int, of steps: Int, baseRate: Double) -> Double {
    let peak = maxRate ?? baseRate
    func value(_ level: Level) -> Double {
      switch level {
      case .start: peak / divFactor
      case .peak: peak
      case .end: peak / divFactor / finalDivFactor
      }
    }
    let (from, to, part) = place(step, of: steps)
    return between(value(from), value(to), part)
  }

  func momentum(_ step: Int, of steps: Int) -> Double? {
    guard let momentum else { return nil }
    func value(_ level: Level) -> Double { level == .peak ? momentum.base : momentum.max }
    let (from, to, part) = place(step, of: steps)
    return between(value(from), value(to), part)
  }
}
