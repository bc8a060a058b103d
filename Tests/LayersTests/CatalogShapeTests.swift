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
}
