import CKernels

/// The maximum over windows, as PyTorch's `max_pool1d` and `max_pool2d`: padding counts as minus infinity, NaN wins.
///
/// Input [N, C, ...] and output are channels-last.
public struct MaxPool: Operation {
  public let label: String
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public var parameters: [ParameterSpec] { [] }
  /// The place of each maximum in its window.
  public let saved: [Int]
  public var gradientReads: GradientReads { [] }
  let kernel: [Int]
  let stride: [Int]
  let padding: [Int]
  /// Bytes that tell a place in a window.
  let placeBytes: Int
  private let geometry: serspec_pool

  /// `input`, `kernel`, `stride` and `padding` have one value a spatial axis: one or two; padding is at most half the
  /// kernel.
  public init(
    batch: Int, channels: Int, input: [Int], kernel: [Int], stride: [Int], padding: [Int], ceilMode: Bool
  ) {
    precondition((1...2).contains(input.count), "a pool has one or two spatial axes")
    let extents = input.indices.map {
      MaxPool.outputExtent(
        input: input[$0], kernel: kernel[$0], stride: stride[$0], padding: padding[$0], ceilMode: ceilMode)
    }
    inputs = [TensorSpec(Shape([batch, channels] + input), .channelsLast)]
    output = TensorSpec(Shape([batch, channels] + extents), .channelsLast)
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    geometry = MaxPool.geometry(
      channels: channels, input: input, output: extents, kernel: kernel, stride: stride, padding: padding)
    placeBytes = kernel.reduce(1, *) <= 256 ? 1 : 4
    saved = [(output.shape.count * placeBytes + 3) / 4]
    label = "max_pool\(input.count)d \(kernel.map(String.init).joined(separator: "x"))"
  }

  /// The extent of an output axis; zero where no window fits. With `ceilMode` a last window may hang over the end, but
  /// it must start inside the input or the padding before it (PyTorch's rule).
  public static func outputExtent(input: Int, kernel: Int, stride: Int, padding: Int, ceilMode: Bool) -> Int {
    let room = input + 2 * padding - kernel + (ceilMode ? stride - 1 : 0)
    guard room >= 0 else { return 0 }
    let extent = room / stride + 1
    return ceilMode && (extent - 1) * stride >= input + padding ? extent - 1 : extent
  }

  public func forwardScratch(threads: Int) -> Int { 0 }
  public func backwardScratch(threads: Int) -> Int { 0 }

  public func forward(_ context: borrowing ForwardContext) {
    let (x, y) = (context.inputs[0], context.output)
    let places = context.training ? UnsafeMutableRawPointer(context.saved[0]) : nil
    let (image, outImage, placeBytes) = (imageCount, outImageCount, placeBytes)
    context.pool.run(tiles: output.shape[0]) { sample, _ in
      withUnsafePointer(to: geometry) { geometry in
        Kernels.table.max_pool(
          geometry, x + sample * image, y + sample * outImage, places.map { $0 + sample * outImage * placeBytes },
          placeBytes > 1 ? 1 : 0)
      }
    }
  }

  public func backward(_ context: borrowing BackwardContext) {
    guard let dx = context.inputGradients[0] else { return }
    let dy = context.outputGradient
    let places = UnsafeRawPointer(context.saved[0])
    let add: Int32 = context.accumulate[0] ? 1 : 0
    let (image, outImage, placeBytes) = (imageCount, outImageCount, placeBytes)
    context.pool.run(tiles: output.shape[0]) { sample, _ in
      withUnsafePointer(to: geometry) { geometry in
        Kernels.table.max_pool_gradient(
          geometry, dy + sample * outImage, places + sample * outImage * placeBytes, dx + sample * image,
          placeBytes > 1 ? 1 : 0, add)
      }
    }
  }

  private static func geometry(
    channels: Int, input: [Int], output: [Int], kernel: [Int], stride: [Int], padding: [Int]
  ) -> serspec_pool {
    func pair(_ values: [Int], _ otherwise: Int32) -> (Int32, Int32) {
      (values.count == 2 ? Int32(values[0]) : otherwise, Int32(values[values.count - 1]))
    }
    let (height, width) = pair(input, 1)
    let (outHeight, outWidth) = pair(output, 1)
    let (kernelY, kernelX) = pair(kernel, 1)
    let (strideY, strideX) = pair(stride, 1)
    let (paddingY, paddingX) = pair(padding, 0)
    return serspec_pool(
      height: height, width: width, channels: Int32(channels), out_height: outHeight, out_width: outWidth,
      kernel_y: kernelY, kernel_x: kernelX, stride_y: strideY, stride_x: strideX, padding_y: paddingY,
      padding_x: paddingX)
  }

  private var imageCount: Int { inputs[0].shape.extents.dropFirst().reduce(1, *) }
  private var outImageCount: Int { output.shape.extents.dropFirst().reduce(1, *) }
}
