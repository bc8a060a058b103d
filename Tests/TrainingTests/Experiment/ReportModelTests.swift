import Testing
import Training

@Suite struct ReportModelTests {
  /// The counts of the report's authors.
  @Test(arguments: [
    ("cnn1d.yaml", 571_270), ("cnn2d.yaml", 5_169_350), ("combined.yaml", 5_739_462),
    ("combined-varlen.yaml", 5_739_462),
  ])
  func modelsHaveTheAuthorsParameterCounts(name: String, count: Int) throws {
    let model = try ModelDescription(resolvedSpec(name))
    #expect(model.graph.parameterCount == count)
  }

  /// A hand count: products with weights of each convolution and linear layer for 301 frames.
  @Test func multiplyAddsOfTheTimePath() throws {
    let model = try ModelDescription(resolvedSpec("cnn1d.yaml"))
    let convolutions = 301 * 27 * 128 * 3 + 151 * 128 * 256 * 3 + 76 * 256 * 512 * 3
    #expect(model.graph.multiplyAdds == convolutions + 512 * 128 + 128 * 6)
  }

  @Test func variableLengthShowsAsAVariable() throws {
    let graph = try ModelDescription(resolvedSpec("combined-varlen.yaml")).graph
    let shapes = graph.nodes.filter { $0.kind == "max_pool1d" }.map(\.outputShape.description)
    #expect(shapes == ["[128, ceil(T/2)]", "[256, ceil(T/4)]", "[512, ceil(T/8)]"])
  }

  @Test func fixedLengthHasTheReportsFrames() throws {
    let graph = try ModelDescription(resolvedSpec("combined.yaml")).graph
    #expect(graph.inputs.map(\.shape.description) == ["[27, 301]", "[1, 64, 64]"])
  }
}
