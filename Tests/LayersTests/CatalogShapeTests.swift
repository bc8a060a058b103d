import Layers
import Spec
import Testing

/// Shapes of the layers that norms, pools and reshaping add; expected are PyTorch's.
@Suite struct CatalogShapeTests {
  private let open = SampleShape([.known(27), .variable("T", divisor: 1)])

  @Test func paddingSameKeepsTheExtents() {
    let same: [String: FieldValue.Content] = [
      "out_channels": .integer(8), "kernel_size": sizes(4), "padding": .string("same"), "dilation": sizes(3),
    ]
    #expect(outputShape(Conv1d.self, same, of: SampleShape([4, 9])) == "[8, 9]")
    #expect(outputShape(Conv2d.self, same, of: SampleShape([4, 9, 2])) == "[8, 9, 2]")
    #expect(outputShape(Conv1d.self, same, of: open) == "[8, T]")
    #expect(
      outputShape(Conv1d.self, same.merging(["stride": sizes(2)]) { $1 }, of: open)
        == "conv1d's padding 'same' needs a stride of 1, found 2")
  }

  @Test func poolsOfEveryKind() {
    let window: [String: FieldValue.Content] = ["kernel_size": sizes(3), "stride": sizes(2), "padding": sizes(1)]
    #expect(outputShape(AvgPool2d.self, window, of: SampleShape([4, 9, 8])) == "[4, 5, 4]")
    #expect(outputShape(AvgPool1d.self, window, of: open) == "[27, ceil(T/2)]")
    #expect(outputShape(AvgPool1d.self, ["kernel_size": sizes(9)], of: SampleShape([4, 8])).contains("does not fit"))
    #expect(outputShape(AdaptiveAvgPool1d.self, ["output_size": sizes(6)], of: open) == "[27, 6]")
    #expect(
      outputShape(AdaptiveMaxPool2d.self, ["output_size": sizes(7, 5)], of: SampleShape([4, 9, 8])) == "[4, 7, 5]")
    #expect(
      outputShape(AdaptiveMaxPool1d.self, ["output_size": sizes(7, 5)], of: open)
        == "adaptive_max_pool1d's output_size has 2 numbers for 1 axis")
    #expect(outputShape(GlobalMaxPool.self, of: open) == "[27]")
    #expect(outputShape(GlobalMaxPool.self, of: SampleShape([27])).hasPrefix("global_max_pool needs"))
  }

  @Test func normsKeepTheShapeAndNeedChannels() {
    let turned = SampleShape([.variable("T", divisor: 1), .known(27)])
    for norm in [BatchNormLayer.self, ScaleLayer.self] as [any Layer.Type] {
      #expect(outputShape(norm, of: open) == "[27, T]")
      #expect(outputShape(norm, of: SampleShape([8])) == "[8]")
      #expect(outputShape(norm, of: turned).contains("needs a known number of channels"))
    }
  }

  @Test func shapesAreGivenOtherShapes() {
    func reshape(_ shape: Int..., of input: SampleShape) -> String {
      outputShape(ReshapeLayer.self, ["shape": .list(shape.map { FieldValue(standard: .integer($0)) })], of: input)
    }
    #expect(reshape(4, -1, of: SampleShape([2, 6])) == "[4, 3]")
    #expect(reshape(1, 27, -1, of: open) == "[1, 27, T]")
    #expect(reshape(9, -1, of: open).hasPrefix("reshape cannot make [9, -1] of [27, T]"))
    #expect(reshape(5, -1, of: SampleShape([2, 6])).hasPrefix("reshape cannot make [5, -1] of [2, 6]"))
    #expect(reshape(4, 4, of: SampleShape([2, 6])).hasPrefix("reshape cannot make [4, 4] of [2, 6]"))
    #expect(reshape(-1, -1, of: SampleShape([2, 6])).hasPrefix("reshape cannot make the shape"))

    func permute(_ dims: Int..., of input: SampleShape) -> String {
      outputShape(PermuteLayer.self, ["dims": .list(dims.map { FieldValue(standard: .integer($0)) })], of: input)
    }
    #expect(permute(1, 0, of: open) == "[T, 27]")
    #expect(permute(1, 1, of: open) == "permute cannot put the axes of [27, T] in the order [1, 1]")

    let image = SampleShape([.variable("T", divisor: 1), .known(4), .known(5)])
    #expect(outputShape(FlattenLayer.self, ["start_dim": .integer(1)], of: image) == "[T, 20]")
    #expect(outputShape(FlattenLayer.self, ["start_dim": .integer(-2)], of: image) == "[T, 20]")
    #expect(outputShape(FlattenLayer.self, ["end_dim": .integer(0)], of: image) == "[T, 4, 5]")
    #expect(outputShape(FlattenLayer.self, of: image) == "flatten needs a known shape, found [T, 4, 5]")
    #expect(
      outputShape(FlattenLayer.self, ["start_dim": .integer(3)], of: image).hasPrefix("flatten cannot join the axes"))

    #expect(outputShape(UpsampleLayer.self, ["scale_factor": sizes(2)], of: open) == "[27, 2 * T]")
    let bilinear: [String: FieldValue.Content] = ["scale_factor": sizes(2), "mode": .string("bilinear")]
    #expect(outputShape(UpsampleLayer.self, bilinear, of: SampleShape([3, 4, 5])) == "[3, 8, 10]")
    #expect(outputShape(UpsampleLayer.self, bilinear, of: open) == "upsample's mode 'bilinear' does not fit [27, T]")
  }

  @Test func layersOverPositionsNeedThem() {
    for type in [SqueezeExcitation.self, SpatialDropout.self, InstanceNormLayer.self] as [any Layer.Type] {
      #expect(outputShape(type, of: open) == "[27, T]")
      #expect(outputShape(type, of: SampleShape([8])).contains(" needs ["))
    }
    #expect(outputShape(InstanceNormLayer.self, of: SampleShape([8, 1, 1])).contains("more than one position"))
  }
}
