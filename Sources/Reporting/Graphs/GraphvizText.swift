import Planning
import Training

/// `show --dot`: the layer graph in Graphviz's language, with a cluster for each node of the model.
public struct GraphvizText: Sendable {
  private let title: String
  private let graph: LayerGraph

  public init(title: String, graph: LayerGraph) {
    self.title = title
    self.graph = graph
  }

  /// The document, with a line break at the end.
  public var text: String {
    var lines = [
      "digraph \(Self.quoted(title)) {", "  rankdir=TB;",
      "  node [shape=box, style=\"rounded,filled\", fillcolor=white, fontname=\"Helvetica\", fontsize=10];",
      "  edge [color=\"#8b95a1\"];",
    ]
    for (index, input) in graph.inputs.enumerated() {
      let label = "\(input.name)\n\(input.shape)"
      lines.append("  input_\(index) [label=\(Self.quoted(label)), shape=oval, fillcolor=\"#e6f0f9\"];")
    }
    for (number, cluster) in clusters.enumerated() {
      lines += [
        "  subgraph cluster_\(number) {",
        "    label=\(Self.quoted(cluster.name)); style=\"rounded,filled\"; color=\"#dde2e7\"; fillcolor=\"#f4f6f8\"; "
          + "fontname=\"Helvetica\"; fontsize=12;",
      ]
      for layer in cluster.layers { lines.append("    layer_\(layer) [label=\(Self.quoted(label(layer)))];") }
      lines.append("  }")
    }
    for (index, node) in graph.nodes.enumerated() {
      for source in node.inputs {
        switch source {
        case .input(let input): lines.append("  input_\(input) -> layer_\(index);")
        case .node(let other): lines.append("  layer_\(other) -> layer_\(index);")
        }
      }
    }
    return lines.joined(separator: "\n") + "\n}\n"
  }

  /// Layers by the node of the model that they are part of.
  private var clusters: [(name: String, layers: [Int])] {
    var result: [(name: String, layers: [Int])] = []
    for (index, node) in graph.nodes.enumerated() {
      let name = String(node.name.prefix { $0 != "." })
      if let place = result.firstIndex(where: { $0.name == name }) {
        result[place].layers.append(index)
      } else {
        result.append((name, [index]))
      }
    }
    return result
  }

  private func label(_ index: Int) -> String {
    let node = graph.nodes[index]
    let name = node.name.drop { $0 != "." }.dropFirst()
    let label = name.isEmpty ? node.name : String(name)
    let kind = label == node.kind || label.hasSuffix(".\(node.kind)") ? "" : " (\(node.kind))"
    let count = node.parameterCount == 0 ? "" : ", \(grouped(node.parameterCount)) parameters"
    return "\(label)\(kind)\n\(node.outputShape)\(count)"
  }

  private static func quoted(_ text: String) -> String {
    let escaped = text.map { $0 == "\\" || $0 == "\"" ? "\\\($0)" : $0 == "\n" ? "\\n" : String($0) }.joined()
    return "\"\(escaped)\""
  }
}
