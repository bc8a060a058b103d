import Layers
import Spec
import Testing

@Suite struct ShapeTests {
  /// Expected are the shapes that PyTorch gives.
  @Test(arguments: [
    (3, 1, 1, 1, 301, 301), (3, 1, 0, 1, 301, 299), (7, 2, 3, 1, 64, 32), (3, 2, 1, 1, 17, 9), (3, 1, 2, 2, 10, 10),
    (5, 3, 0, 1, 11, 3),
  ])
  func convolutionsHaveTorchsExtents(kernel: Int, stride: Int, padding: Int, dilation: Int, length: Int, expected: Int)
  {
    let fields: [String: FieldValue.Content] = [
      "out_channels": .integer(8), "kernel_size": sizes(kernel), "stride": sizes(stride), "padding": sizes(padding),
      "dilation": sizes(dilation),
    ]
    #expect(outputShape(Conv1d.self, fields, of: SampleShape([4, length])) == "[8, \(expected)]")
    #expect(outputShape(Conv2d.self, fields, of: SampleShape([4, length, length])) == "[8, \(expected), \(expected)]")
  }

  @Test(arguments: [
    (2, 2, 0, true, 301, 151), (2, 2, 0, false, 301, 150), (3, 2, 1, false, 32, 16), (3, 2, 1, true, 32, 17),
    (2, 3, 0, true, 4, 2), (2, 2, 1, true, 3, 2), (2, 2, 0, true, 1, 1),
  ])
  func poolsHaveTorchsExtents(kernel: Int, stride: Int, padding: Int, ceil: Bool, length: Int, expected: Int) {
    let fields: [String: FieldValue.Content] = [
      "kernel_size": sizes(kernel), "stride": sizes(stride), "padding": sizes(padding), "ceil_mode": .boolean(ceil),
    ]
    #expect(outputShape(MaxPool1d.self, fields, of: SampleShape([4, length])) == "[4, \(expected)]")
  }

  @Test func aPoolsStrideIsItsKernelWhereNoneIsGiven() {
    #expect(outputShape(MaxPool2d.self, ["kernel_size": sizes(2, 4)], of: SampleShape([3, 8, 8])) == "[3, 4, 2]")
  }

  /// Extents that depend on the clip stay readable.
  @Test func openLengthsAreFunctionsOfTheLength() {
    let open = SampleShape([.known(27), .variable("T", divisor: 1)])
    let same: [String: FieldValue.Content] = [
      "out_channels": .integer(8), "kernel_size": sizes(3), "padding": sizes(1),
    ]
    #expect(outputShape(Conv1d.self, same, of: open) == "[8, T]")
    let valid: [String: FieldValue.Content] = ["out_channels": .integer(8), "kernel_size": sizes(3)]
    #expect(outputShape(Conv1d.self, valid, of: open) == "[8, (T - 2)]")
    let pool: [String: FieldValue.Content] = ["kernel_size": sizes(2), "ceil_mode": .boolean(true)]
    #expect(outputShape(MaxPool1d.self, pool, of: open) == "[27, ceil(T/2)]")
    #expect(
      outputShape(MaxPool1d.self, pool, of: SampleShape([.known(8), .variable("T", divisor: 4)])) == "[8, ceil(T/8)]")
    #expect(outputShape(GlobalAvgPool.self, of: open) == "[27]")
  }

  /// The text of an open extent is the extent: checked by putting in numbers.
  @Test(arguments: 1...40)
  func ceilOfAFractionIsWhatAPoolGives(length: Int) {
    let pool: [String: FieldValue.Content] = ["kernel_size": sizes(2), "ceil_mode": .boolean(true)]
    let once = outputShape(MaxPool1d.self, pool, of: SampleShape([1, length]))
    #expect(once == "[1, \((length + 1) / 2)]")
  }

  @Test(arguments: [
    ("flatten", "[27, T]"), ("linear", "[27, T]"), ("layer_norm", "[27, T]"),
  ])
  func whatNeedsALengthRefusesAnOpenOne(kind: String, shape: String) throws {
    let type = try #require(LayerCatalog.layers.first { $0.kind.name == kind })
    let text = outputShape(
      type, ["out_features": .integer(4)], of: SampleShape([.known(27), .variable("T", divisor: 1)]))
    #expect(text.contains(kind) && text.contains(shape))
  }

  @Test func mismatchesSayWhatWasFound() {
    let fields: [String: FieldValue.Content] = ["out_channels": .integer(8), "kernel_size": sizes(9)]
    #expect(
      outputShape(Conv2d.self, fields, of: SampleShape([512])) == "conv2d needs [channels, height, width], found [512]")
    #expect(outputShape(Conv1d.self, fields, of: SampleShape([4, 8])) == "conv1d's kernel does not fit into [4, 8]")
    let groups = fields.merging(["groups": .integer(3)]) { $1 }
    #expect(
      outputShape(Conv1d.self, groups, of: SampleShape([4, 80]))
        == "conv1d with groups 3 cannot divide 4 input channels")
    let axes = fields.merging(["kernel_size": sizes(3, 3)]) { $1 }
    #expect(
      outputShape(Conv1d.self, axes, of: SampleShape([4, 80])) == "conv1d's kernel_size has 2 numbers for 1 axis")
    #expect(
      outputShape(GroupNormLayer.self, ["num_groups": .integer(5)], of: SampleShape([12, 8]))
        == "group_norm cannot divide the channels of [12, 8] into 5 groups")
    #expect(outputShape(GlobalAvgPool.self, of: SampleShape([12])).hasPrefix("global_avg_pool needs [channels, …]"))
    let padding: [String: FieldValue.Content] = ["kernel_size": sizes(2), "padding": sizes(2)]
    #expect(
      outputShape(MaxPool1d.self, padding, of: SampleShape([4, 8]))
        == "max_pool1d's padding 2 is more than half of its kernel_size 2")
  }

  @Test func combinatorsJoinOnlyWhatFits() throws {
    let concat = ConcatCombinator(madeStep(ConcatCombinator.kind, ["inputs": .list([])]).values)
    #expect(try concat.outputShape(of: [SampleShape([512]), SampleShape([1024])]).description == "[1536]")
    #expect(throws: ShapeMismatch.self) { try concat.outputShape(of: [SampleShape([5, 8]), SampleShape([5, 9])]) }
    let add = AddCombinator(madeStep(AddCombinator.kind, ["inputs": .list([])]).values)
    #expect(try add.outputShape(of: [SampleShape([5, 8]), SampleShape([5, 8])]).description == "[5, 8]")
    #expect(throws: ShapeMismatch.self) { try add.outputShape(of: [SampleShape([5]), SampleShape([6])]) }
  }
}
