import Corpus
import Diagnostics
import Layers
import Planning
import Spec

/// The layer graph of a spec, for people: what `show --graph` and `validate` print.
public struct ModelDescription: Sendable {
  public let graph: LayerGraph
  /// The clip length that counts are given for, where the length policy leaves it open.
  public let nominalSeconds: Double?

  /// Infers the shapes of features and layers.
  ///
  /// - Throws: `DiagnosticFailure` with every mistake.
  public init(_ spec: ExperimentSpec) throws {
    let inputs = try FeatureInputs(spec)
    nominalSeconds = inputs.nominalSeconds
    graph = try LayerGraph.build(model: spec.model, features: inputs.graphInputs, classes: spec.corpus.classes.count)
  }

  /// `571,270 parameters, 12.3 million multiply-adds a clip`
  public var summary: String {
    "\(grouped(graph.parameterCount)) parameters, \(grouped(graph.multiplyAdds)) multiply-adds a clip" + nominalNote
  }

  private var nominalNote: String { nominalSeconds.map { " of \($0) s" } ?? "" }

  /// One line a layer, aligned, with the totals below.
  public var table: String {
    var rows = [["layer", "output shape", "parameters", "multiply-adds"]]
    rows += graph.inputs.map { [$0.name, $0.shape.description, "", ""] }
    rows += graph.nodes.map {
      [$0.name, $0.outputShape.description, grouped($0.parameterCount), grouped($0.multiplyAdds)]
    }
    rows.append(["total" + nominalNote, "", grouped(graph.parameterCount), grouped(graph.multiplyAdds)])
    let widths = (0..<4).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      row.indices.map { column in
        let gap = String(repeating: " ", count: widths[column] - row[column].count)
        return column < 2 ? row[column] + gap : gap + row[column]
      }.joined(separator: "  ").trimmingSuffix(" ")
    }.joined(separator: "\n")
  }

  /// The document of `show --graph --json`.
  public var json: JSON {
    var document: [(key: String, value: JSON)] = [
      (
        "inputs",
        .array(graph.inputs.map { ["name": .string($0.name), "shape": shape($0.shape)] })
      ),
      (
        "nodes",
        .array(
          graph.nodes.map {
            [
              "name": .string($0.name), "kind": .string($0.kind), "output_shape": shape($0.outputShape),
              "parameters": .integer($0.parameterCount), "macs": .integer($0.multiplyAdds),
            ]
          })
      ),
      ("total", ["parameters": .integer(graph.parameterCount), "macs": .integer(graph.multiplyAdds)]),
    ]
    if let nominalSeconds { document.append(("nominal_clip_s", .number(nominalSeconds))) }
    return .object(document)
  }

  private func shape(_ shape: SampleShape) -> JSON { JSON(shape) }
}

extension JSON {
  /// A shape's known extents as numbers, functions of the clip's length as text.
  package init(_ shape: SampleShape) {
    self = .array(shape.extents.map { extent in extent.value.map(JSON.integer) ?? .string(extent.description) })
  }
}

/// For people: `5739462` as `5,739,462`.
public func grouped(_ number: Int) -> String {
  let digits = String(abs(number))
  let first = digits.count % 3
  var groups = first > 0 ? [String(digits.prefix(first))] : []
  var rest = digits.dropFirst(first)
  while !rest.isEmpty {
    groups.append(String(rest.prefix(3)))
    rest = rest.dropFirst(3)
  }
  return (number < 0 ? "-" : "") + groups.joined(separator: ",")
}

extension String {
  func trimmingSuffix(_ character: Character) -> String {
    var result = self
    while result.last == character { result.removeLast() }
    return result
  }
}
