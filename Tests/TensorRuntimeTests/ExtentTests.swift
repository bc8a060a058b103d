import TensorRuntime
import Testing

@Suite("Output extents") struct ExtentTests {
  @Test(arguments: [
    (13, 3, 1, 1, 1, 13), (19, 5, 2, 3, 2, 9), (64, 7, 2, 3, 1, 32), (5, 7, 1, 0, 1, 0), (7, 7, 3, 0, 1, 1),
  ]) func convolution(_ input: Int, _ kernel: Int, _ stride: Int, _ padding: Int, _ dilation: Int, _ extent: Int) {
    #expect(
      Convolution.outputExtent(input: input, kernel: kernel, stride: stride, padding: padding, dilation: dilation)
        == extent)
  }

  // The fourth: a third window would start in the padding after the input.
  @Test(arguments: [
    (301, 2, 2, 0, true, 151), (301, 2, 2, 0, false, 150), (1, 2, 2, 0, false, 0), (4, 3, 3, 1, true, 2),
    (5, 2, 3, 1, true, 2), (1, 2, 2, 0, true, 1),
  ]) func maxPool(_ input: Int, _ kernel: Int, _ stride: Int, _ padding: Int, _ ceilMode: Bool, _ extent: Int) {
    #expect(
      MaxPool.outputExtent(input: input, kernel: kernel, stride: stride, padding: padding, ceilMode: ceilMode)
        == extent)
  }
}
