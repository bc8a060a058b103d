import Diagnostics
import Syntax

/// Puts decoded values into the types that later phases read, and checks what no field table can say.
struct SpecBuilder {
  let root: SourceFile
  let vocabulary: Vocabulary
  let findings: Findings

  func build(_ values: FieldValues, _ tree: Node) -> ExperimentSpec? {
    let name = values.optionalString("name") ?? Paths.stem(of: root.name)
    checkRunName(name, at: values["name"])
    guard let corpus = corpus(values.group("corpus")), let model = model(values["model"], tree),
      let onBadClip = BadClipPolicy(rawValue: values.string("on_bad_clip"))
    else { return nil }
    let features = values.dictionary("features").map { entry -> FeatureSpec in
      guard case .steps(let steps) = entry.value.content else { return FeatureSpec(name: entry.key, steps: []) }
      return FeatureSpec(name: entry.key, steps: steps)
    }
    for feature in features where feature.steps.isEmpty {
      findings.add(
        Diagnostic("value.length", "the feature '\(feature.name.value)' has no steps", at: feature.name.span))
    }
    let resolved = ResolvedTree(vocabulary: vocabulary).node(values, name: name)
    return ExperimentSpec(
      name: name, seed: values.integer("seed"), corpus: corpus, audio: values.steps("audio"), onBadClip: onBadClip,
      length: values.step("length"), features: features,
      augment: values.steps("augment"), split: values.step("split"), model: model,
      train: training(values.group("train")), track: values.steps("track"), resolved: resolved,
      hash: hash(ofResolved: resolved))
  }

  /// The name becomes part of a folder's.
  private func checkRunName(_ name: String, at value: FieldValue) {
    guard case .written(let span) = value.origin else { return }
    let isUsable =
      !name.isEmpty && name.utf8.count <= 100 && !name.hasPrefix(".") && !name.hasPrefix("-")
      && name.unicodeScalars.allSatisfy { $0 != "/" && $0.value >= 0x20 && $0.value != 0x7F }
    if isUsable { return }
    findings.add(
      Diagnostic(
        "name.invalid", "this name cannot be part of a folder's name",
        detail: "Use 1 to 100 characters without a slash, not starting with a dot or a hyphen.", at: span))
  }

  private func training(_ values: FieldValues) -> TrainingSpec {
    let keep = values.group("keep")
    let direction: KeepRule.Direction = keep.optionalString("max") == nil ? .min : .max
    return TrainingSpec(
      epochs: Located(values.integer("epochs"), at: values["epochs"].span), batchSize: values.integer("batch_size"),
      accumulate: values.integer("accumulate"), optimizer: values.step("optimizer"),
      schedule: values.steps("schedule"), loss: values.step("loss"), clipping: clipping(values),
      average: values.optionalStep("average"), earlyStopping: earlyStopping(values),
      keep: KeepRule(direction: direction, metric: keep.optionalString(direction.rawValue) ?? "val.loss"),
      metrics: values.strings("metrics"), checkpoint: checkpoint(values))
  }

  private func checkpoint(_ values: FieldValues) -> CheckpointInterval? {
    guard let interval = values.optionalGroup("checkpoint") else { return nil }
    if let steps = interval.optionalInteger("steps") { return .steps(steps) }
    return interval.optionalNumber("minutes").map(CheckpointInterval.minutes)
  }

  private func clipping(_ values: FieldValues) -> GradientClipping? {
    guard let bounds = values.optionalGroup("clip_gradients") else { return nil }
    if let norm = bounds.optionalNumber("norm") { return .norm(norm) }
    return bounds.optionalNumber("value").map(GradientClipping.value)
  }

  private func earlyStopping(_ values: FieldValues) -> EarlyStoppingRule? {
    values.optionalGroup("early_stopping").map {
      EarlyStoppingRule(
        patience: $0.integer("patience"), metric: $0.string("metric"), minDelta: $0.number("min_delta"))
    }
  }

  private func model(_ value: FieldValue, _ tree: Node) -> ModelSpec? {
    guard case .dictionary(let entries) = value.content else { return nil }
    let written = tree.value(forKey: "model")
    let nodes = entries.compactMap { entry -> ModelNode? in
      guard case .group(let fields) = entry.value.content,
        let source = source(of: fields, written?.value(forKey: entry.key.value))
      else { return nil }
      return ModelNode(
        name: entry.key, source: source, layers: fields.steps("layers"),
        expect: fields.optionalGroup("expect").map(expectation), span: entry.value.span)
    }
    return nodes.count == entries.count ? ModelSpec(nodes: nodes, span: value.span) : nil
  }

  private func source(of fields: FieldValues, _ written: Node?) -> ModelNode.Source? {
    if let name = fields.optionalString("from") { return .from(Located(name, at: fields["from"].span)) }
    for kind in vocabulary.kinds[.combinator] ?? [] {
      guard let values = fields.optionalGroup(kind.name), let primary = kind.table.primary else { continue }
      let inputs = values.list(primary).compactMap { item -> Located<String>? in
        guard case .string(let name) = item.content else { return nil }
        return Located(name, at: item.span)
      }
      let key = written?.entry(forKey: kind.name)?.key ?? Located(kind.name, at: values.span)
      return .combined(Step(kind: key, values: values, label: kind.name, at: values.span), of: inputs)
    }
    return nil
  }

  private func expectation(_ values: FieldValues) -> Expectation {
    var shape: Located<[Int?]>?
    if case .list(let items) = values["shape"].content {
      let extents = items.map { item -> Int? in
        if case .integer(let extent) = item.content { extent } else { nil }
      }
      shape = Located(extents, at: values["shape"].span)
    }
    let parameters = values.optionalInteger("parameters").map { Located($0, at: values["parameters"].span) }
    return Expectation(shape: shape, parameters: parameters)
  }
}
