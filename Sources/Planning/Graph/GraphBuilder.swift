import Diagnostics
import Layers
import Spec
import TensorRuntime

extension LayerGraph {
  /// Infers every shape of `model` and collects its layers in running order.
  ///
  /// - Parameters:
  ///   - features: the shapes of the features that the model may read; those it does not read are left out of the graph.
  ///   - classes: the number of classes that `logits` must have.
  /// - Throws: `DiagnosticFailure` with every independent mistake: a shape that does not fit (`shape.mismatch`), an unmet
  ///   expectation (`shape.expected`, `parameters.expected`), logits that are not one value a class (`model.output`).
  public static func build(model: ModelSpec, features: [GraphInput], classes: Int) throws -> LayerGraph {
    var builder = GraphBuilder(model: model, features: features)
    return try builder.build(classes: classes)
  }
}

/// Walks the model's nodes from `logits` backwards, so that only what the output needs becomes part of the graph.
private struct GraphBuilder {
  /// A tensor while shapes are inferred.
  struct Tensor {
    let reference: GraphReference
    let shape: SampleShape
    let nominal: [Int]
    let mask: TimeMask?
    /// For notes: what made the tensor, and where; features have no place in the model.
    let maker: String
    let span: SourceSpan?
  }

  let model: ModelSpec
  let features: [GraphInput]
  var inputs: [GraphInput] = []
  var nodes: [GraphNode] = []
  var diagnostics: [Diagnostic] = []
  /// Finished nodes of the model; nil for those whose shapes could not be inferred.
  var finished: [String: Tensor?] = [:]

  init(model: ModelSpec, features: [GraphInput]) {
    self.model = model
    self.features = features
  }

  mutating func build(classes: Int) throws -> LayerGraph {
    let output = tensor(named: "logits")
    // Nodes beside the way to the output are checked too, but do not become part of the graph.
    let used = (inputs, nodes)
    for node in model.nodes { _ = tensor(named: node.name.value) }
    (inputs, nodes) = used
    if let output, output.shape != SampleShape([classes]) {
      diagnostics.append(
        Diagnostic(
          "model.output", "the model's output has shape \(output.shape), expected [\(classes)]",
          detail:
            "The node 'logits' must give one value for each of the corpus's \(classes) classes. End it with linear: ${classes}.",
          at: output.span))
    }
    guard let output, diagnostics.isEmpty else { throw DiagnosticFailure(diagnostics) }
    return LayerGraph(inputs: inputs, nodes: nodes, output: output.reference)
  }

  /// The output of a node or a feature; nil where it or something before it has a mistake.
  private mutating func tensor(named name: String) -> Tensor? {
    if let known = finished[name] { return known }
    if let node = model.nodes.first(where: { $0.name.value == name }) {
      finished.updateValue(nil, forKey: name)  // A cycle, which Spec reports, ends here.
      let made = expand(node)
      finished.updateValue(made, forKey: name)
      return made
    }
    guard let feature = features.first(where: { $0.name == name }) else { return nil }
    let index = inputs.firstIndex { $0.name == name } ?? inputs.count
    if index == inputs.count { inputs.append(feature) }
    return Tensor(
      reference: .input(index), shape: feature.shape, nominal: feature.nominalShape,
      mask: feature.isMasked ? TimeMask(source: index) : nil, maker: "feature '\(name)'",
      span: nil)
  }

  private mutating func expand(_ node: ModelNode) -> Tensor? {
    let first = nodes.count
    guard let input = source(of: node), let output = append(node.layers, of: node, below: "", to: input) else {
      return nil
    }
    check(node, against: output, parameters: nodes[first...].filter { $0.name.hasPrefix(node.name.value + ".") })
    return output
  }

  private mutating func source(of node: ModelNode) -> Tensor? {
    switch node.source {
    case .from(let name): return tensor(named: name.value)
    case .combined(let step, let names):
      // All of them, so that mistakes in the second branch are reported beside those in the first.
      let tensors = names.map { tensor(named: $0.value) }
      let found = tensors.compactMap { $0 }
      guard found.count == names.count, let combinator = LayerCatalog.combinator(step) else { return nil }
      return join(found, by: combinator, step, label: step.label, of: node)
    }
  }

  /// Layers one after the other, their labels behind `prefix`; nil after the first that does not fit.
  private mutating func append(
    _ steps: [Step], of node: ModelNode, below prefix: String, to input: Tensor
  ) -> Tensor? {
    var current = input
    for step in steps {
      guard let next = append(step, of: node, below: prefix, to: current) else { return nil }
      current = next
    }
    return current
  }

  private mutating func append(_ step: Step, of node: ModelNode, below prefix: String, to input: Tensor) -> Tensor? {
    if let composite = LayerCatalog.composite(step) {
      return append(composite, step, of: node, below: prefix, to: input)
    }
    do {
      // Before anything is computed of the layer's fields.
      try SizeLimit.check(step)
      guard let layer = LayerCatalog.layer(step) else { return nil }
      let shape = try layer.outputShape(of: input.shape)
      let nominal = try layer.outputShape(of: SampleShape(input.nominal))
      try SizeLimit.check(nominal, of: step)
      let mask = try input.mask.flatMap { try LayerCatalog.mask(behind: $0, layer, input: input.shape) }
      let multiplyAdds = layer.multiplyAdds(input: input.nominal, output: nominal.known ?? [])
      try SizeLimit.check(multiplyAdds: multiplyAdds, of: step)
      return place(
        step, label: prefix + step.label, of: node, .layer(layer), reading: [input], shape: shape, nominal: nominal,
        mask: mask,
        multiplyAdds: multiplyAdds)
    } catch let failure as DiagnosticFailure {
      diagnostics += failure.diagnostics
      return nil
    } catch let error as ShapeMismatch {
      report(error, at: step.span, makers: [input], expandedFrom: step.expandedFrom)
      return nil
    } catch {
      diagnostics.append(Diagnostic("run.unexpected", "\(error)", at: step.span))
      return nil
    }
  }

  private mutating func append(
    _ composite: any Composite, _ step: Step, of node: ModelNode, below prefix: String, to input: Tensor
  ) -> Tensor? {
    let label = prefix + step.label
    // All of them, so that mistakes in the second branch are reported beside those in the first.
    let ends = composite.branches.map { branch in
      append(branch.layers, of: node, below: label + (branch.name.isEmpty ? "." : ".\(branch.name)."), to: input)
    }
    let found = ends.compactMap { $0 }
    guard found.count == ends.count else { return nil }
    return join(found, by: composite.joint, step, label: label, of: node)
  }

  private mutating func join(
    _ inputs: [Tensor], by combinator: any Combinator, _ step: Step, label: String, of node: ModelNode
  ) -> Tensor? {
    do {
      let shape = try combinator.outputShape(of: inputs.map(\.shape))
      let nominal = try combinator.outputShape(of: inputs.map { SampleShape($0.nominal) })
      try SizeLimit.check(nominal, of: step)
      let mask = try combinator.mask(of: inputs.map(\.mask), shapes: inputs.map(\.shape))
      return place(
        step, label: label, of: node, .combinator(combinator), reading: inputs, shape: shape, nominal: nominal,
        mask: mask, multiplyAdds: 0)
    } catch let failure as DiagnosticFailure {
      diagnostics += failure.diagnostics
    } catch let error as ShapeMismatch {
      report(error, at: step.span, makers: inputs, expandedFrom: step.expandedFrom)
    } catch {
      diagnostics.append(Diagnostic("run.unexpected", "\(error)", at: step.span))
    }
    return nil
  }

  /// Adds a node to the graph; its parameters are those of its operations for a batch of one.
  private mutating func place(
    _ step: Step, label: String, of node: ModelNode, _ body: GraphNode.Body, reading: [Tensor], shape: SampleShape,
    nominal: SampleShape, mask: TimeMask?, multiplyAdds: Int
  ) -> Tensor {
    let name = "\(node.name.value).\(label)"
    var lowering = Lowering()
    lowering.layer = name
    let values = reading.map {
      lowering.input(TensorSpec(Shape([1] + $0.nominal), SampleShape.layout(rank: $0.nominal.count)))
    }
    switch body {
    case .layer(let layer): _ = layer.lower(values[0], into: &lowering)
    case .combinator(let combinator): _ = combinator.lower(values, into: &lowering)
    }
    let parameters = lowering.operations.flatMap { lowered in
      zip(lowered.parameters, lowered.operation.parameters).map { NamedParameter(name: $0, spec: $1) }
    }
    let states = lowering.operations.flatMap { lowered in
      zip(lowered.states, lowered.operation.states).map { NamedParameter(name: $0, spec: $1) }
    }
    nodes.append(
      GraphNode(
        name: name, kind: body.kind, body: body, inputs: reading.map(\.reference), outputShape: shape,
        nominalShape: nominal.known ?? [], parameters: parameters, states: states, multiplyAdds: multiplyAdds,
        span: step.span))
    return Tensor(
      reference: .node(nodes.count - 1), shape: shape, nominal: nominal.known ?? [], mask: mask, maker: step.kind.value,
      span: step.span)
  }

  private mutating func report(
    _ mismatch: ShapeMismatch, at span: SourceSpan, makers: [Tensor], expandedFrom: [Located<String>] = []
  ) {
    var notes = makers.map { DiagnosticNote("\($0.maker) makes the shape \($0.shape)", at: $0.span) }
    notes += expandedFrom.map { DiagnosticNote("in this use of the block '\($0.value)'", at: $0.span) }
    diagnostics.append(
      Diagnostic("shape.mismatch", mismatch.summary, detail: mismatch.detail, at: span, notes: notes))
  }

  private mutating func check(_ node: ModelNode, against output: Tensor, parameters: [GraphNode]) {
    if let expected = node.expect?.shape {
      let found = output.shape.extents
      let fits =
        expected.value.count == found.count && zip(expected.value, found).allSatisfy { $0 == nil || $0 == $1.value }
      if !fits {
        let text = "[" + expected.value.map { $0.map(String.init) ?? "~" }.joined(separator: ", ") + "]"
        diagnostics.append(
          Diagnostic(
            "shape.expected", "'\(node.name.value)' has shape \(output.shape), expected \(text)",
            detail: "The spec expects \(text) here. Mend the layers, or the expectation.", at: expected.span,
            notes: [DiagnosticNote("\(output.maker) makes the shape \(output.shape)", at: output.span)]))
      }
    }
    if let expected = node.expect?.parameters {
      let found = parameters.reduce(0) { $0 + $1.parameterCount }
      if found != expected.value {
        diagnostics.append(
          Diagnostic(
            "parameters.expected", "'\(node.name.value)' has \(found) parameters, expected \(expected.value)",
            detail: "Counted are the parameters of this node's own layers.", at: expected.span))
      }
    }
  }
}
