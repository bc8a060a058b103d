import Diagnostics
import Spec
import Syntax

/// What trackers tell of a spec, so that runs can be sorted and coloured by it.
struct TrackedSettings {
  let spec: ExperimentSpec
  /// Of the model.
  let parameters: Int

  init(_ run: TrackedRun) {
    spec = run.spec
    parameters = run.parameters
  }

  /// The values that people compare runs by, then the spec's own parameters and what a sweep's cell sets, by name.
  var main: [(name: String, value: JSON)] {
    let optimizer = spec.train.optimizer
    var values: [(name: String, value: JSON)] = [
      ("spec", .string(spec.name)), ("corpus", .string(spec.corpus.name)), ("seed", .integer(spec.seed)),
      ("epochs", .integer(spec.train.epochs.value)), ("batch_size", .integer(spec.train.batchSize)),
      ("optimizer", .string(optimizer.kind.value)), ("lr", .number(OptimizerSettings(optimizer).learningRate)),
      ("loss", .string(spec.train.loss.kind.value)), ("model_parameters", .integer(parameters)),
    ]
    for (name, value) in spec.parameters {
      let value = JSON(value)
      if let index = values.firstIndex(where: { $0.name == name }) {
        values[index].value = value
      } else {
        values.append((name, value))
      }
    }
    return values
  }

  /// The resolved spec but for what says nothing about the experiment.
  var resolved: JSON {
    .object((spec.resolved.entries ?? []).filter { $0.key.value != "track" }.map { ($0.key.value, JSON($0.value)) })
  }

  /// Each value of the resolved spec by its path, `train.optimizer.adam.lr`, but for those of corpus and model, of which there are many and
  /// which the spec itself tells better, and of features that no node uses.
  var flat: [(name: String, value: JSON)] {
    let used = Set(spec.usedFeatures.map(\.name.value))
    return spec.values(.standard).parts.filter { !Self.leftOut.contains($0.name) }
      .flatMap { part -> [(path: String, value: SpecValue)] in
        guard part.name == "features" else { return part.leaves(below: part.name) }
        return part.parts.filter { used.contains($0.name) }.flatMap { $0.leaves(below: "features.\($0.name)") }
      }.map { ($0.path, JSON($0.value.node)) }
  }

  private static let leftOut: Set<String> = ["serspec", "name", "doc", "seed", "corpus", "model", "track"]
}

extension JSON {
  /// A value as one word for people: texts without quotes.
  var plainText: String { asString ?? text(.line) }
}
