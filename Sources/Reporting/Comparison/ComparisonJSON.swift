import Diagnostics
import Planning
import Spec
import Syntax
import Training

extension ExperimentComparison {
  /// The document of `diff --format json`.
  public var json: JSON {
    [
      "a": side(before), "b": side(after), "same": .boolean(isSame),
      "changes": .array(values.map(change) + model.changes.map(change)),
      "affected": .array(
        model.affected.map {
          ["path": .string($0.path), "before": .object(figures($0.before)), "after": .object(figures($0.after))]
        }),
      "totals": ["parameters": total(model.parameters), "macs": total(model.multiplyAdds)],
      "consequences": consequences,
    ]
  }

  /// The document of `diff --values --format json`: nothing but values, one by one.
  public var valuesJSON: JSON {
    [
      "changes": .array(
        flatValues.map { change in
          [
            "kind": .string(change.kind.rawValue), "path": .string(change.path),
            "before": change.before.map { JSON($0.node) } ?? .null,
            "after": change.after.map { JSON($0.node) } ?? .null,
          ]
        })
    ]
  }

  private func side(_ side: Side) -> JSON {
    ["spec": .string(side.title), "name": .string(side.spec.name), "hash": .string(side.spec.hash)]
  }

  private func total(_ figures: (before: Int, after: Int)) -> JSON {
    [
      "before": .integer(figures.before), "after": .integer(figures.after),
      "difference": .integer(figures.after - figures.before),
    ]
  }

  // MARK: changes

  private func change(_ change: ValueChange) -> JSON {
    var members: [(key: String, value: JSON)] = [
      ("kind", .string(change.kind.rawValue)), ("area", .string(change.area.rawValue)), ("subject", "value"),
      ("path", .string(change.path)),
    ]
    let isPlace = change.kind == .moved
    let isName = change.kind == .renamed
    func content(_ side: ValueChange.Side?) -> JSON {
      guard let side else { return .null }
      if isPlace, let index = side.index { return .integer(index) }
      return isName ? .string(side.path) : JSON(side.node)
    }
    members.append(("before", content(change.before)))
    members.append(("after", content(change.after)))
    members.append(("before_origin", .optional(change.before.map { originText($0.node.span) })))
    members.append(("after_origin", .optional(change.after.map { originText($0.node.span) })))
    return .object(members)
  }

  private func change(_ change: ModelChange) -> JSON {
    var members: [(key: String, value: JSON)] = [
      ("kind", .string(change.kind.rawValue)), ("area", "model"), ("subject", .string(change.subject.rawValue)),
      ("path", .string(change.path)), ("before", side(change.before)), ("after", side(change.after)),
    ]
    if !change.fields.isEmpty {
      let fields = change.fields.map { field -> JSON in
        [
          "name": .string(field.name), "before": field.before.map { JSON($0) } ?? .null,
          "after": field.after.map { JSON($0) } ?? .null,
        ]
      }
      members.append(("fields", .array(fields)))
    }
    return .object(members)
  }

  private func side(_ side: ModelChange.Side?) -> JSON {
    guard let side else { return .null }
    var members: [(key: String, value: JSON)] = [("path", .string(side.path)), ("index", .integer(side.index))]
    if !side.kind.isEmpty { members.append(("kind", .string(side.kind))) }
    members.append(("value", JSON(side.value)))
    if !side.layers.isEmpty { members.append(("layers", .array(side.layers.map(JSON.string)))) }
    if let found = side.figures { members += figures(found) }
    members.append(("origin", .string(originText(side.value.span))))
    return .object(members)
  }

  private func figures(_ figures: LayerFigures) -> [(key: String, value: JSON)] {
    [
      ("output_shape", JSON(figures.outputShape)), ("parameters", .integer(figures.parameters)),
      ("macs", .integer(figures.multiplyAdds)),
    ]
  }

  // MARK: consequences

  private var consequences: JSON {
    [
      "feature_cache": .array(
        features.map { feature in
          [
            "feature": .string(feature.name), "reusable": .boolean(feature.reasons.isEmpty),
            "reasons": .array(feature.reasons.map(JSON.string)),
          ]
        }),
      "same_splits": .boolean(splitReasons.isEmpty),
      "checkpoint": [
        "loads": .boolean(checkpoint.matching == checkpoint.wanted), "matching": .integer(checkpoint.matching),
        "tensors": .integer(checkpoint.wanted), "missing": .array(checkpoint.missing.map(tensor)),
        "other_shape": .array(
          checkpoint.reshaped.map { pair in
            [
              "name": .string(pair.after.name), "before": .array(pair.before.shape.map(JSON.integer)),
              "after": .array(pair.after.shape.map(JSON.integer)),
            ]
          }), "unused": .array(checkpoint.unused.map(tensor)),
      ],
      "same_results": .boolean(isSame),
    ]
  }

  private func tensor(_ tensor: TensorComparison.Tensor) -> JSON {
    ["name": .string(tensor.name), "shape": .array(tensor.shape.map(JSON.integer))]
  }
}
