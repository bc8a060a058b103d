/// The extents of a convolution, with one spatial axis told as two: a height of one and the width.
package struct ConvolutionGeometry: Hashable, Sendable {
  package var batch: Int
  package var inChannels: Int
  package var outChannels: Int
  package var height: Int
  package var width: Int
  package var outHeight: Int
  package var outWidth: Int
  package var kernelHeight: Int
  package var kernelWidth: Int
  package var strideY: Int
  package var strideX: Int
  package var paddingY: Int
  package var paddingX: Int
  package var dilationY: Int
  package var dilationX: Int
  package var groups: Int

  /// Positions of the kernel.
  var kernelArea: Int { kernelHeight * kernelWidth }
  /// Pixels of one output image.
  var outPixels: Int { outHeight * outWidth }
  /// Pixels of one input image.
  var pixels: Int { height * width }
  var groupInChannels: Int { inChannels / groups }
  var groupOutChannels: Int { outChannels / groups }
  /// Values that one output value of one group depends on.
  var patch: Int { kernelArea * groupInChannels }
  /// Whether output pixel i sees input pixel i alone, so that a convolution is a plain matrix product.
  var isPointwise: Bool {
    kernelArea == 1 && strideY == 1 && strideX == 1 && paddingY == 0 && paddingX == 0 && groups == 1
  }

  init(
    batch: Int, inChannels: Int, outChannels: Int, input: [Int], kernel: [Int], stride: [Int], padding: [Int],
    dilation: [Int], groups: Int
  ) {
    func y(_ values: [Int], _ otherwise: Int) -> Int { values.count == 2 ? values[0] : otherwise }
    func x(_ values: [Int]) -> Int { values[values.count - 1] }
    self.batch = batch
    self.inChannels = inChannels
    self.outChannels = outChannels
    self.groups = groups
    (height, width) = (y(input, 1), x(input))
    (kernelHeight, kernelWidth) = (y(kernel, 1), x(kernel))
    (strideY, strideX) = (y(stride, 1), x(stride))
    (paddingY, paddingX) = (y(padding, 0), x(padding))
    (dilationY, dilationX) = (y(dilation, 1), x(dilation))
    outHeight = Convolution.outputExtent(
      input: height, kernel: kernelHeight, stride: strideY, padding: paddingY, dilation: dilationY)
    outWidth = Convolution.outputExtent(
      input: width, kernel: kernelWidth, stride: strideX, padding: paddingX, dilation: dilationX)
  }
}
