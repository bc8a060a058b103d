import Spec
import Testing

@Suite("blocks") struct BlockTests {
  private func resolution(_ blocks: String, _ layers: String) -> Resolution {
    resolved(
      smallBase + "params: {width: 10}\nblocks:\n\(blocks)\nmodel: {logits: {from: spectral, layers: \(layers)}}\n")
  }

  private func labels(_ blocks: String, _ layers: String) throws -> [String] {
    let result = resolution(blocks, layers)
    return try #require(result.spec, "\(result.report)").model.nodes[0].layers.map(\.label)
  }

  private func widths(_ blocks: String, _ layers: String) throws -> [Int] {
    let result = resolution(blocks, layers)
    let steps = try #require(result.spec, "\(result.report)").model.nodes[0].layers
    return steps.filter { $0.kind.value == "linear" }.map { $0.values.integer("out_features") }
  }

  private let one = "  b: {params: {n: 4}, layers: [linear: \"${n}\", relu, relu]}"

  @Test("one copy has the block's name, several are numbered over all uses; repeats within a list too")
  func labelsOfCopies() throws {
    #expect(try labels(one, "[b, relu, silu, relu]") == ["b.linear", "b.relu", "b.relu_2", "relu", "silu", "relu_2"])
    #expect(
      try labels(one, "[b: {for: {n: [1, 2]}}, b]") == [
        "b_1.linear", "b_1.relu", "b_1.relu_2", "b_2.linear", "b_2.relu", "b_2.relu_2", "b_3.linear", "b_3.relu",
        "b_3.relu_2",
      ])
  }

  @Test("labels are unique even where names end in numbers")
  func labelClash() throws {
    let labels = try labels("  b: {layers: [relu]}\n  b_1: {layers: [relu]}", "[b_1, b, b]")
    #expect(Set(labels).count == 3)
  }

  @Test("nested blocks: labels are joined, uses are recorded from the outside in")
  func nested() throws {
    let blocks =
      "  inner: {params: {n}, layers: [linear: \"${n}\"]}\n"
      + "  outer: {params: {n}, layers: [inner: {n: \"${n}\"}, inner: {n: \"${2 * n}\"}, relu]}"
    let result = resolution(blocks, "[outer: {for: {n: [3, 5]}}]")
    let layers = try #require(result.spec, "\(result.report)").model.nodes[0].layers
    #expect(
      layers.map(\.label) == [
        "outer_1.inner_1.linear", "outer_1.inner_2.linear", "outer_1.relu", "outer_2.inner_1.linear",
        "outer_2.inner_2.linear", "outer_2.relu",
      ])
    #expect(layers[0].expandedFrom.map(\.value) == ["outer", "inner"])
    #expect(try widths(blocks, "[outer: {for: {n: [3, 5]}}]") == [3, 6, 5, 10])
  }

  @Test("for with several names goes in step, and its names can be used beside it")
  func severalNames() throws {
    let block = "  b: {params: {n, m: 1}, layers: [linear: \"${n * m}\"]}"
    #expect(try widths(block, "[b: {for: {n: [1, 2, 3], m: [4, 5, 6]}}]") == [4, 10, 18])
    #expect(try widths(block, "[b: {for: {i: [1, 2]}, n: \"${i * width}\"}]") == [10, 20])
    #expect(try widths(block, "[b: {for: {n: []}}, linear: 1]") == [1])
  }

  @Test("defaults of a block can use parameters and what comes before them")
  func defaults() throws {
    let block = "  b: {params: {n: \"${width}\", m: \"${2 * n}\"}, layers: [linear: \"${n}\", linear: \"${m}\"]}"
    #expect(try widths(block, "[b, b: {n: 3}]") == [10, 20, 3, 6])
  }

  @Test("a block sees its own parameters and the spec's, not those of the block that uses it")
  func scopes() {
    let blocks = "  inner: {layers: [linear: \"${n}\"]}\n  outer: {params: {n}, layers: [inner]}"
    let result = resolution(blocks, "[outer: {n: 3}]")
    #expect(result.diagnostics.map(\.id) == ["expression.unknown"])
  }

  @Test("an argument can be a whole layer")
  func layerArguments() throws {
    let block = "  b: {params: {norm}, layers: [\"${norm}\", relu]}"
    let result = resolution(block, "[b: {norm: {group_norm: 1}}, b: {norm: layer_norm}]")
    let layers = try #require(result.spec, "\(result.report)").model.nodes[0].layers
    #expect(layers.map(\.kind.value) == ["group_norm", "relu", "layer_norm", "relu"])
  }

  @Test("blocks expand within layers that hold layers")
  func withinLayers() throws {
    let result = resolution(one, "[residual: [b, relu]]")
    let layers = try #require(result.spec, "\(result.report)").model.nodes[0].layers
    #expect(layers[0].values.steps("layers").map(\.label) == ["b.linear", "b.relu", "b.relu_2", "relu"])
  }

  @Test("blocks that double with each level stop at the limit")
  func bomb() {
    var blocks = "  b0: {layers: [relu]}\n"
    for level in 1..<60 { blocks += "  b\(level): {layers: [b\(level - 1), b\(level - 1)]}\n" }
    #expect(resolution(blocks, "[b59]").diagnostics.map(\.id) == ["limit.layers"])
    let empty = blocks.replacing("b0: {layers: [relu]}", with: "b0: {layers: []}")
    #expect(resolution(empty, "[b59]").diagnostics.map(\.id) == ["limit.layers"])
  }

  @Test("blocks that lie too deep in each other are refused")
  func depth() {
    var blocks = "  b0: {layers: [relu]}\n"
    for level in 1..<100 { blocks += "  b\(level): {layers: [b\(level - 1)]}\n" }
    #expect(resolution(blocks, "[b99]").diagnostics.map(\.id) == ["limit.blocks"])
  }
}
