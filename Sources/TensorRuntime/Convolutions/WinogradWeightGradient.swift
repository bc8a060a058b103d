import CKernels

/// The gradient of a kernel of 3 or 3x3 by Winograd's F(3, 4) or F(3, 2): the kernel's gradient is a convolution of the
/// input with the output's gradient, whose tiles are the kernels. For each plane a product of the transformed gradient
/// [tiles, out], turned, with the transformed input [tiles, in].
struct WinogradWeightGradient: WeightGradientAlgorithm {
  let shape: WinogradShape

  var name: String { shape.name }

  private var geometry: ConvolutionGeometry { shape.geometry }
  private var weights: Int { geometry.outChannels * geometry.patch }
  /// Channels of one item of work; the output's gradient is transformed again for each part of the input's channels.
  private var ins: Tiling { Tiling(geometry.inChannels, by: 1024) }
  private var outs: Tiling { Tiling(geometry.outChannels, by: shape.channelsAtOnce(depth: ins.size)) }

  /// Parts of a batch whose sums are kept apart, so that a small kernel too makes work for several threads.
  private func parts(_ rows: Int) -> Tiling {
    let wanted = (16 + outs.tiles * ins.tiles - 1) / (outs.tiles * ins.tiles)
    return Tiling(rows, parts: max(1, min(wanted, 4_000_000 / max(1, weights), rows / 96)))
  }
  private var parts: Tiling { parts(min(shape.batches.size, geometry.batch) * shape.tiles) }

  /// Into how many parts input channels and the batch are cut.
  var blockCounts: (ins: Int, parts: Int) { (ins.tiles, parts.tiles * shape.batches.tiles) }

  /// Tiles of the image that are multiplied at once.
  private var step: Int { max(64, min(256, 600_000 / (shape.planes * outs.size))) }
  private var gradients: PlaneLayout { PlaneLayout(planes: shape.planes, rows: step, columns: outs.size) }
  private var products: PlaneLayout { PlaneLayout(planes: shape.planes, rows: outs.size, columns: ins.size) }
  private var partSums: Int { parts.tiles > 1 ? parts.tiles * weights : 0 }

  func scratch(threads: Int) -> Int {
    partSums + shape.inputs.floats + threads * (gradients.floats + products.floats)
  }

  /// Writes the gradient of the kernel.
  func run(
    x: UnsafePointer<Float>, dy: UnsafePointer<Float>, dw: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    let (g, shape, ins, outs, weights, products) = (geometry, shape, ins, outs, weights, products)
    let (sums, inputs) = (scratch, scratch + partSums)
    let workers = inputs + shape.inputs.floats
    let keepsApart = parts.tiles > 1
    for batch in 0..<shape.batches.tiles {
      let images = shape.batches[batch]
      shape.transformInput(x, images: images, into: inputs, pool: pool)
      // The last batch may have fewer parts; the others add nothing.
      let parts = parts(images.count * shape.tiles)
      pool.run(tiles: parts.tiles * ins.tiles * outs.tiles) { item, worker in
        let (part, block) = (item % parts.tiles, item / parts.tiles)
        let (channels, out) = (ins[block % ins.tiles], outs[block / ins.tiles])
        let product = workers + worker * (gradients.floats + products.floats)
        multiply(
          inputs: inputs, dy: dy, first: images.lowerBound * shape.tiles, rows: parts[part], ins: channels, outs: out,
          product: product, gradient: product + products.floats)
        let target = (keepsApart ? sums + part * weights : dw) + out.lowerBound * g.patch + channels.lowerBound
        withUnsafePointer(to: shape.input(using: channels.count)) {
          Kernels.table.winograd_kernel_gradient(
            $0, out.count, channels.count, product, products.plane, products.panel, target, g.patch, g.inChannels,
            batch > 0 ? 1 : 0)
        }
      }
    }
    if keepsApart {
      let made = parts.tiles
      pool.elements(weights) { range in
        Kernels.table.column_sums(made, range.count, weights, 1, sums + range.lowerBound, dw + range.lowerBound)
      }
    }
  }

  /// Writes the planes [out, in] of the products, summed over `rows`, counted from tile `first` of the batch.
  private func multiply(
    inputs: UnsafePointer<Float>, dy: UnsafePointer<Float>, first: Int, rows: Range<Int>, ins: Range<Int>,
    outs: Range<Int>, product: UnsafeMutablePointer<Float>, gradient: UnsafeMutablePointer<Float>
  ) {
    let (layout, gradients, products) = (shape.inputs, gradients, products)
    for start in stride(from: rows.lowerBound, to: rows.upperBound, by: step) {
      let block = start..<min(rows.upperBound, start + step)
      shape.transformOutputGradient(
        dy, rows: first + block.lowerBound..<first + block.upperBound, channels: outs, into: gradient, gradients)
      for plane in 0..<shape.planes {
        var matrices = serspec_turned_product(
          rows: outs.count, columns: ins.count, depth: block.count, a: gradient + plane * gradients.plane,
          a_panel: gradients.panel, a_step: Kernels.panelWidth,
          b: inputs + plane * layout.plane + ins.lowerBound / Kernels.panelWidth * layout.panel
            + start * Kernels.panelWidth,
          b_panel: layout.panel, b_step: Kernels.panelWidth, c: product + plane * products.plane,
          c_row: Kernels.panelWidth, c_panel: products.panel, accumulate: start > rows.lowerBound ? 1 : 0)
        Kernels.table.panel_product_turned(&matrices)
      }
    }
  }
}
