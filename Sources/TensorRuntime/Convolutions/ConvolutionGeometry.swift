import CKernels

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

  var isUnitStride: Bool { strideY == 1 && strideX == 1 }

  init(
    batch: Int, inChannels: Int, outChannels: Int, input: [Int], kernel: [Int], stride: [Int], padding: [Int],
    paddingEnd: [Int], dilation: [Int], groups: Int
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
    // Padding at the end shows in the output's extents alone: loops never read outside the input.
    outHeight = Convolution.outputExtent(
      input: height, kernel: kernelHeight, stride: strideY, padding: paddingY, paddingEnd: y(paddingEnd, 0),
      dilation: dilationY)
    outWidth = Convolution.outputExtent(
      input: width, kernel: kernelWidth, stride: strideX, padding: paddingX, paddingEnd: x(paddingEnd),
      dilation: dilationX)
  }
}

extension ConvolutionGeometry {
  /// The same for the C loops, with the channels of one group.
  func loops(group: Int) -> serspec_conv {
    serspec_conv(
      height: Int32(height), width: Int32(width), channels: Int32(inChannels), out_height: Int32(outHeight),
      out_width: Int32(outWidth), kernel_y: Int32(kernelHeight), kernel_x: Int32(kernelWidth),
      stride_y: Int32(strideY), stride_x: Int32(strideX), padding_y: Int32(paddingY), padding_x: Int32(paddingX),
      dilation_y: Int32(dilationY), dilation_x: Int32(dilationX), first_channel: Int32(group * groupInChannels),
      group_channels: Int32(groupInChannels))
  }

  /// The convolution of the output's gradient with the turned kernel that gives the input's gradient; stride one only.
  var transposed: ConvolutionGeometry {
    var result = self
    (result.inChannels, result.outChannels) = (outChannels, inChannels)
    (result.height, result.outHeight) = (outHeight, height)
    (result.width, result.outWidth) = (outWidth, width)
    result.paddingY = dilationY * (kernelHeight - 1) - paddingY
    result.paddingX = dilationX * (kernelWidth - 1) - paddingX
    return result
  }

  /// Writes the patches of output pixels `rows`, counted over the whole batch, as a matrix [rows, positions * group
  /// channels].
  func patches(
    of x: UnsafePointer<Float>, rows: Range<Int>, group: Int, positions: Range<Int>,
    into matrix: UnsafeMutablePointer<Float>
  ) {
    withUnsafePointer(to: loops(group: group)) { loops in
      let width = positions.count * groupInChannels
      var row = rows.lowerBound
      while row < rows.upperBound {
        let image = row / outPixels
        let end = min(rows.upperBound, (image + 1) * outPixels)
        Kernels.table.im2col(
          loops, x + image * pixels * inChannels, Int32(row - image * outPixels), Int32(end - image * outPixels),
          Int32(positions.lowerBound), Int32(positions.upperBound), matrix + (row - rows.lowerBound) * width)
        row = end
      }
    }
  }
}
