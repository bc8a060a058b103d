import Planning
import Testing
import Training

@Suite struct PlanSummaryTests {
  private func summary(
    _ name: String, batch: Int = 4, mode: ExecutionPlan.Mode = .training
  ) throws -> PlanSummary {
    try PlanSummary(ModelDescription(resolvedSpec(name)).graph, batch: batch, mode: mode, threads: 2)
  }

  @Test(arguments: ["cnn1d.yaml", "combined.yaml", "resnet38.yaml", "zoo/crnn.yaml"])
  func theArenaIsNearItsBound(name: String) throws {
    for mode in [ExecutionPlan.Mode.training, .inference] {
      let plan = try summary(name, mode: mode)
      #expect(plan.peakBytes <= plan.arenaBytes && plan.arenaBytes <= plan.unsharedBytes)
      #expect(Double(plan.arenaBytes) < 1.25 * Double(plan.peakBytes), "\(name), \(mode)")
      // Buffers start at cache lines, so their sum is the bound's.
      #expect(plan.peakTensors.reduce(0) { $0 + $1.bytes } == plan.peakBytes)
      #expect(plan.peakTensors.map(\.bytes) == plan.peakTensors.map(\.bytes).sorted(by: >))
    }
  }

  @Test func inferenceKeepsNothing() throws {
    let plan = try summary("combined.yaml", mode: .inference)
    #expect(plan.gradientBytes == 0)
    #expect(plan.entries.allSatisfy { $0.kept == 0 && $0.backwardScratch == 0 && $0.writtenBackward == 0 })
    #expect(try plan.arenaBytes < summary("combined.yaml").arenaBytes)
  }

  @Test func entriesHaveTheShapesOfTheBatch() throws {
    let plan = try summary("cnn1d.yaml", batch: 5)
    #expect(plan.inputs.map(\.shape.description) == ["[5, 27, 301]"])
    let last = try #require(plan.entries.last)
    #expect(last.layer == "logits.head.linear_2" && last.output.shape.extents == [5, 6])
    #expect(last.writtenForward == 5 * 6 * 4)
    // The input's gradient, the weight's and the bias's.
    #expect(last.writtenBackward == (5 * 128 + 6 * 128 + 6) * 4)
    #expect(plan.parameterBytes == 571_270 * 4)
  }
}
