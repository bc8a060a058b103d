import TensorRuntime
import Testing

@Suite struct RandomTests {
  /// Known answers of Random123's kat_vectors for philox4x32, 10 rounds; ours has the counter's upper half zero.
  @Test func philoxOfZeros() {
    var block = [UInt32](repeating: 0, count: 4)
    Philox.blocks(key: 0, first: 0, count: 1, into: &block)
    #expect(block == [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8])
  }

  @Test func aNumberDoesNotDependOnHowItIsDrawn() {
    let stream = RandomStream(RandomKey(seed: 7))
    var cursor = RandomCursor(stream)
    let inOrder = (0..<600).map { _ in cursor.uint32() }
    #expect((0..<600).reversed().map { stream.uint32(at: UInt64($0)) }.reversed() == inOrder)
    var later = RandomCursor(stream, at: 301)
    #expect((0..<299).map { _ in later.uint32() } == Array(inOrder[301...]))
    #expect(Set(inOrder).count == 600)
  }

  @Test func counterGoesOnBeyond32Bits() {
    let stream = RandomStream(RandomKey(seed: 7))
    var blocks = [UInt32](repeating: 0, count: 64)
    stream.blocks(first: (1 << 32) - 8, count: 16, into: &blocks)
    #expect(Set(blocks).count == 64)
    #expect(blocks[32] == stream.uint32(at: 4 << 32))
    #expect(blocks[32] != stream.uint32(at: 0))
  }

  @Test func uniformsAndNormalsHaveTheirMoments() {
    let uniforms = RandomStream(RandomKey(seed: 1)).uniforms(count: 40_000).map(Double.init)
    #expect(uniforms.allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(abs(uniforms.reduce(0, +) / 40_000 - 0.5) < 0.005)
    let normals = RandomStream(RandomKey(seed: 2)).normals(count: 40_001).map(Double.init)
    #expect(normals.count == 40_001)
    #expect(abs(normals.reduce(0, +) / 40_001) < 0.02)
    #expect(abs(normals.reduce(0) { $0 + $1 * $1 } / 40_001 - 1) < 0.03)
    #expect(abs(normals.reduce(0) { $0 + $1 * $1 * $1 * $1 } / 40_001 - 3) < 0.2)
  }

  @Test func boundedNumbersAreEven() {
    var cursor = RandomCursor(RandomStream(RandomKey(seed: 3)))
    var counts = [0, 0, 0, 0, 0, 0]
    for _ in 0..<60_000 { counts[cursor.below(6)] += 1 }
    #expect(counts.allSatisfy { abs($0 - 10_000) < 400 })
    #expect((0..<100).allSatisfy { _ in cursor.below(1) == 0 })
  }

  @Test func permutationsArePermutations() {
    let stream = RandomStream(RandomKey(seed: 4))
    #expect(stream.permutation(1000).sorted() == Array(0..<1000))
    #expect(stream.permutation(1000) == stream.permutation(1000))
    #expect(stream.permutation(1000) != Array(0..<1000))
    #expect(stream.permutation(0).isEmpty)
    let firsts = (0..<3000).map { RandomStream(RandomKey(seed: 5).child($0)).permutation(3)[0] }
    #expect((0..<3).allSatisfy { value in abs(firsts.count { $0 == value } - 1000) < 120 })
  }

  @Test func drawsFollowPyTorchsOrderWhateverTheLayout() {
    let key = RandomKey(seed: 9)
    let plain = ParameterSpec("weight", [4, 3, 2, 5], initialisation: .normal(deviation: 2))
    let moved = ParameterSpec(
      "weight", [4, 3, 2, 5], memoryOrder: [0, 2, 3, 1], initialisation: .normal(deviation: 2))
    let (a, b, back) = (AlignedBuffer(count: 120), AlignedBuffer(count: 120), AlignedBuffer(count: 120))
    plain.initialisation.fill(a.pointer, of: plain, key: key)
    moved.initialisation.fill(b.pointer, of: moved, key: key)
    moved.toExternal(b.pointer, back.pointer)
    #expect(back.values == a.values)
    // Element [1, 2, 0, 3] lies at [1, 0, 3, 2].
    let (inMemory, inOrder) = (30 + 0 + 9 + 2, 30 + 20 + 0 + 3)
    #expect(b.values[inMemory] == a.values[inOrder])
    moved.toMemory(a.pointer, back.pointer)
    #expect(back.values == b.values)
  }

  @Test func uniformInitialisationStaysInItsBounds() {
    let spec = ParameterSpec("weight", [100, 30], initialisation: .uniform(bound: 0.25))
    let memory = AlignedBuffer(count: 3000)
    spec.initialisation.fill(memory.pointer, of: spec, key: RandomKey(seed: 1))
    #expect(memory.values.allSatisfy { abs($0) <= 0.25 })
    #expect(memory.values.contains { $0 > 0.24 } && memory.values.contains { $0 < -0.24 })
  }
}
