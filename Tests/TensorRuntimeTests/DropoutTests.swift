import TensorRuntime
import Testing

@Suite struct DropoutTests {
  private let ones = [Float](repeating: 1, count: 40_000)
  private let spec = TensorSpec([40, 1000])

  @Test func dropsTheGivenShareAndScalesTheRest() throws {
    let outcome = try run(Dropout(spec: spec, p: 0.3), inputs: [ones], outputGradient: ones)
    let dropped = outcome.output.count { $0 == 0 }
    #expect(abs(Double(dropped) / 40_000 - 0.3) < 0.01)
    #expect(outcome.output.allSatisfy { $0 == 0 || abs($0 - 1 / 0.7) < 1e-6 })
    #expect(outcome.inputGradients[0] == outcome.output, "backward draws the same mask")
  }

  @Test func theMaskDependsOnTheKeyAlone() throws {
    func mask(_ key: RandomKey, threads: Int) throws -> [Float] {
      try run(Dropout(spec: spec, p: 0.5), inputs: [ones], outputGradient: ones, threads: threads, key: key).output
    }
    let key = RandomKey(seed: 1).child("dropout")
    #expect(try mask(key, threads: 1) == mask(key, threads: 7))
    #expect(try mask(key, threads: 1) != mask(key.child(1), threads: 1))
  }

  @Test func passesThroughOutsideTraining() throws {
    let values = RandomStream(RandomKey(seed: 2)).normals(count: 40_000)
    let outcome = try run(Dropout(spec: spec, p: 0.5), inputs: [values], outputGradient: ones, training: false)
    #expect(outcome.output == values)
  }

  @Test func theEndsOfTheRange() throws {
    let none = try run(Dropout(spec: spec, p: 0), inputs: [ones], outputGradient: ones)
    #expect(none.output == ones && none.inputGradients[0] == ones)
    let all = try run(Dropout(spec: spec, p: 1), inputs: [ones], outputGradient: ones)
    #expect(all.output.allSatisfy { $0 == 0 } && all.inputGradients[0].allSatisfy { $0 == 0 })
  }
}
