import Diagnostics
import Spec

extension LearningRateSchedule {
  /// What is wrong with a list of schedules, or worth a second look.
  ///
  /// Errors: `schedule.unreachable` for one that follows a schedule without an end. Warnings: `schedule.cut_short` where the training
  /// is over before a schedule ends or begins, which a small `--epochs` brings about; `schedule.backwards` where a warm-up falls or a cosine rises.
  ///
  /// - Parameters:
  ///   - baseRate: the optimizer's learning rate.
  ///   - momentum: the optimizer's; `schedule.momentum` is the error of one that cycles a momentum of 0.
  public static func diagnostics(
    for steps: [Step], baseRate: Double, momentum: Double, epochs: Int
  ) -> [Diagnostic] {
    var found: [Diagnostic] = []
    var start = 0
    var endless: Step?
    var cutShort = false
    for step in steps {
      let shape = ScheduleShape(step)
      if let endless {
        found.append(unreachable(step, after: endless))
        continue
      }
      if case .oneCycle(let cycle) = shape.curve, cycle.momentum != nil, momentum == 0 {
        found.append(withoutMomentum(step))
      }
      if let late = lateMilestone(step, shape, epochs: epochs - start) { found.append(late) }
      if let backwards = backwards(step, shape, baseRate: baseRate) { found.append(backwards) }
      // Only the first: all later ones fall short for the same reason.
      if !cutShort, let diagnostic = self.cutShort(step, shape, start: start, epochs: epochs) {
        found.append(diagnostic)
        cutShort = true
      }
      if let length = shape.epochs { start += length } else { endless = step }
    }
    return found
  }

  private static func unreachable(_ step: Step, after endless: Step) -> Diagnostic {
    Diagnostic(
      "schedule.unreachable", .error, "'\(step.kind.value)' is never reached",
      detail: """
        '\(endless.kind.value)' before it has no end, so it takes all epochs that are left. \
        Give that one 'epochs', or remove this one.
        """,
      at: step.span, notes: [DiagnosticNote("this schedule has no end", at: endless.span)])
  }

  private static func cutShort(_ step: Step, _ shape: ScheduleShape, start: Int, epochs: Int) -> Diagnostic? {
    let name = step.kind.value
    if start >= epochs, shape.epochs != 0, start > 0 {
      return Diagnostic(
        "schedule.cut_short", .warning, "the training is over before '\(name)' begins",
        detail: """
          The schedules before it take \(counted(start)), the training has \(counted(epochs)). \
          Shorten them, or train for longer.
          """, at: step.span)
    }
    guard let length = shape.epochs, start + length > epochs else { return nil }
    var effect = "its end is never reached"
    if case .linearWarmup = shape.curve { effect = "the optimizer's learning rate is never reached" }
    return Diagnostic(
      "schedule.cut_short", .warning, "'\(name)' is longer than the training",
      detail: """
        It ends after epoch \(start + length), the training after epoch \(epochs): \(effect). \
        Shorten it to at most \(counted(epochs - start)), or train for longer.
        """, at: step.span)
  }

  private static func withoutMomentum(_ step: Step) -> Diagnostic {
    Diagnostic(
      "schedule.momentum", .error, "'\(step.kind.value)' cycles the momentum, and the optimizer has none",
      detail: "Give the optimizer a momentum above 0, or the schedule 'cycle_momentum: false'.", at: step.span)
  }

  private static func lateMilestone(_ step: Step, _ shape: ScheduleShape, epochs: Int) -> Diagnostic? {
    guard case .multiStep(let milestones, _) = shape.curve, let late = milestones.first(where: { $0 >= epochs }),
      epochs > 0, shape.epochs == nil
    else { return nil }
    return Diagnostic(
      "schedule.cut_short", .warning, "the training is over before the milestone \(late) of '\(step.kind.value)'",
      detail: "\(counted(epochs)) of the training \(epochs == 1 ? "is" : "are") left for it.", at: step.span)
  }

  private static func backwards(_ step: Step, _ shape: ScheduleShape, baseRate: Double) -> Diagnostic? {
    let (key, rate, verb): (String, Double, String)
    switch shape.curve {
    case .linearWarmup(let from): (key, rate, verb) = ("from", from, "falls")
    case .cosine(let to), .cosineWarmRestarts(_, _, let to): (key, rate, verb) = ("to", to, "rises")
    case .plateau(let rule): (key, rate, verb) = ("min_lr", rule.minRate, "cannot fall")
    default: return nil
    }
    guard rate > baseRate else { return nil }
    return Diagnostic(
      "schedule.backwards", .warning, "the learning rate \(verb) during '\(step.kind.value)'",
      detail: """
        '\(key)' is \(rate), above the optimizer's learning rate of \(baseRate). It is a learning rate, not a factor: \
        write a part of it as ${0.001 * lr}.
        """, at: step.span)
  }

  private static func counted(_ epochs: Int) -> String { epochs == 1 ? "1 epoch" : "\(epochs) epochs" }
}
