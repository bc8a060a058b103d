import TensorRuntime
import Testing

@Suite struct BlockDropoutTests {
  private let spec = TensorSpec([50, 40, 5], .channelsLast)
  private let ones = [Float](repeating: 1, count: 10_000)

  /// The value of each block of `size` neighbours, or nil where they differ.
  private func blocks(_ values: [Float], _ size: Int) -> [Float?] {
    stride(from: 0, to: values.count, by: size).map { at in
      values[at..<at + size].allSatisfy { $0 == values[at] } ? values[at] : nil
    }
  }

  @Test(arguments: [(BlockDropout.Block.channel, 5, 0.3), (.sample, 200, 0.4)])
  func wholeBlocksAreDroppedAndTheRestScaled(_ block: BlockDropout.Block, size: Int, p: Double) throws {
    let outcome = try run(BlockDropout(block, spec: spec, p: p), inputs: [ones], outputGradient: ones)
    let found = blocks(outcome.output, size)
    #expect(found.allSatisfy { $0.map { $0 == 0 || abs($0 - Float(1 / (1 - p))) < 1e-5 } ?? false })
    let dropped = Double(found.count { $0 == 0 }) / Double(found.count)
    #expect(abs(dropped - p) < 4 * (p * (1 - p) / Double(found.count)).squareRoot())
    #expect(outcome.inputGradients[0] == outcome.output, "backward draws the same mask")
    let added = try run(BlockDropout(block, spec: spec, p: p), inputs: [ones], outputGradient: ones, accumulateOnto: 2)
    #expect(added.inputGradients[0] == outcome.output.map { $0 + 2 })
  }

  @Test(arguments: [BlockDropout.Block.channel, .sample])
  func theMaskDependsOnTheKeyAlone(_ block: BlockDropout.Block) throws {
    func mask(_ key: RandomKey, threads: Int) throws -> [Float] {
      try run(BlockDropout(block, spec: spec, p: 0.5), inputs: [ones], outputGradient: ones, threads: threads, key: key)
        .output
    }
    let key = RandomKey(seed: 1)
    #expect(try mask(key, threads: 1) == mask(key, threads: 7))
    #expect(try mask(key, threads: 1) != mask(key.child(1), threads: 1))
  }

  @Test(arguments: [BlockDropout.Block.channel, .sample])
  func passesThroughOutsideTrainingAndDropsAllAtOne(_ block: BlockDropout.Block) throws {
    let values = RandomStream(RandomKey(seed: 2)).normals(count: 10_000)
    let outside = try run(
      BlockDropout(block, spec: spec, p: 0.5), inputs: [values], outputGradient: ones, training: false)
    #expect(outside.output == values)
    let all = try run(BlockDropout(block, spec: spec, p: 1), inputs: [values], outputGradient: ones)
    #expect(all.output.allSatisfy { $0 == 0 } && all.inputGradients[0].allSatisfy { $0 == 0 })
  }
}
