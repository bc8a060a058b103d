import Diagnostics
import Spec

/// A decoded use of one of `ScheduleCatalog.kinds`.
struct ScheduleShape {
  enum Curve: Sendable {
    case linearWarmup(from: Double)
    case cosine(to: Double)
    case constant(factor: Double)
    case step(size: Int, gamma: Double)
    case multiStep(milestones: [Int], gamma: Double)
    case exponential(gamma: Double)
    case cosineWarmRestarts(first: Int, factor: Int, to: Double)
    case oneCycle(OneCycle)
    case plateau(PlateauRule)
  }

  let curve: Curve
  /// nil: all that are left.
  let epochs: Int?

  init(_ step: Step) {
    let values = step.values
    epochs = values.optionalInteger("epochs")
    switch step.kind.value {
    case "linear_warmup": curve = .linearWarmup(from: values.number("from"))
    case "cosine": curve = .cosine(to: values.number("to"))
    case "constant": curve = .constant(factor: values.number("factor"))
    case "step": curve = .step(size: values.integer("step_size"), gamma: values.number("gamma"))
    case "multi_step":
      curve = .multiStep(milestones: values.integers("milestones"), gamma: values.number("gamma"))
    case "exponential": curve = .exponential(gamma: values.number("gamma"))
    case "cosine_warm_restarts":
      curve = .cosineWarmRestarts(
        first: values.integer("t_0"), factor: values.integer("t_mult"), to: values.number("to"))
    case "one_cycle": curve = .oneCycle(OneCycle(values))
    case "plateau": curve = .plateau(PlateauRule(values))
    default: preconditionFailure("'\(step.kind.value)' is not in the catalog of schedules")
    }
  }
}

extension OneCycle {
  init(_ values: FieldValues) {
    self.init(
      maxRate: values.optionalNumber("max_lr"), startShare: values.number("pct_start"),
      isLinear: values.string("anneal_strategy") == "linear", divFactor: values.number("div_factor"),
      finalDivFactor: values.number("final_div_factor"), hasThreePhases: values.boolean("three_phase"),
      momentum: values.boolean("cycle_momentum")
        ? (values.number("base_momentum"), values.number("max_momentum")) : nil)
  }
}

extension PlateauRule {
  init(_ values: FieldValues) {
    self.init(
      metric: values.string("metric"), factor: values.number("factor"), patience: values.integer("patience"),
      threshold: values.number("threshold"),
      thresholdMode: Threshold(rawValue: values.string("threshold_mode")) ?? .relative,
      cooldown: values.integer("cooldown"), minRate: values.number("min_lr"))
  }
}
