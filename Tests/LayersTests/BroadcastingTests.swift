import Layers
import Spec
import TensorRuntime
import Testing

@Suite struct BroadcastingTests {
  private let mul = MulCombinator(madeStep(MulCombinator.kind, ["inputs": .list([])]).values)
  private let add = AddCombinator(madeStep(AddCombinator.kind, ["inputs": .list([])]).values)

  @Test(arguments: [
    ([[5, 8], [5]], "[5, 8]"), ([[5], [5, 8, 3]], "[5, 8, 3]"), ([[5, 1, 3], [1, 8, 1]], "[5, 8, 3]"),
    ([[1], [7]], "[7]"), ([[1, 4, 4], [6, 4, 4], [6]], "[6, 4, 4]"),
  ])
  func extentsOfOneAreSpread(_ inputs: [[Int]], _ expected: String) throws {
    let shapes = inputs.map { SampleShape($0) }
    #expect(try mul.outputShape(of: shapes).description == expected)
    #expect(try add.outputShape(of: shapes).description == expected)
  }

  @Test(arguments: [[[5, 8], [8]], [[5, 8], [5, 4]], [[5, 8], [5, 8, 1]]])
  func othersAreRefused(_ inputs: [[Int]]) {
    #expect(throws: ShapeMismatch.self) { try mul.outputShape(of: inputs.map { SampleShape($0) }) }
  }

  /// A number a channel is multiplied in directly; only other shapes are written out.
  @Test(arguments: [
    ([[5, 8], [5]], ["mul by channel"]), ([[5, 1, 1], [5, 8, 3]], ["mul by channel"]), ([[5, 8], [5, 8]], ["mul"]),
    ([[5, 8], [1, 8]], ["expand", "mul"]), ([[5, 1], [1, 8]], ["expand", "expand", "mul"]),
    ([[1, 4, 4], [6, 4, 4], [6]], ["expand", "mul", "mul by channel"]),
  ])
  func mulTakesTheShortestWay(_ inputs: [[Int]], _ expected: [String]) {
    var lowering = Lowering()
    let values = inputs.map {
      lowering.input(TensorSpec(Shape([2] + $0), SampleShape.layout(rank: $0.count)))
    }
    let output = mul.lower(values, into: &lowering)
    let gateFirst = lowering.operations.map(\.operation.label)
    #expect(gateFirst.sorted() == expected.sorted())
    let target = try? mul.outputShape(of: inputs.map { SampleShape($0) })
    #expect(output.spec.shape.extents == [2] + (target?.known ?? []))
  }

  @Test func concatAlongAnotherAxis() throws {
    let concat = ConcatCombinator(madeStep(ConcatCombinator.kind, ["inputs": .list([]), "axis": .integer(1)]).values)
    #expect(try concat.outputShape(of: [SampleShape([5, 8]), SampleShape([5, 9])]).description == "[5, 17]")
    let open = SampleShape([.known(5), .variable("T", divisor: 1)])
    #expect(try concat.outputShape(of: [open, SampleShape([5, 9])]).description == "[5, (T + 9)]")
    #expect(throws: ShapeMismatch.self) { try concat.outputShape(of: [SampleShape([5]), SampleShape([5])]) }
  }
}
