import CKernels

/// The gradient of a kernel as matrix products of the output's gradient with patches.
///
/// A small kernel's gradient is summed over fixed parts of the batch, a large one is cut into blocks that each see the
/// whole batch: in both cases the order of the sums does not depend on the number of threads.
struct PatchWeightGradient: WeightGradientAlgorithm {
  let geometry: ConvolutionGeometry

  init(_ geometry: ConvolutionGeometry) { self.geometry = geometry }

  var name: String { geometry.isPointwise ? "product" : "im2col" }

  /// A block of the kernel's gradient, and the part of the batch that it is summed over.
  private struct Item {
    let group: Int
    let positions: Range<Int>
    let outs: Range<Int>
    let rows: Range<Int>
  }

  private var rows: Int { geometry.batch * geometry.outPixels }
  private var weights: Int { geometry.outChannels * geometry.patch }

  /// Kernel positions of a block: as many as make some hundred columns.
  private var positions: Tiling {
    Tiling(geometry.kernelArea, by: min(geometry.kernelArea, max(1, 512 / max(1, geometry.groupInChannels))))
  }
  /// Output channels of a block.
  private var outs: Tiling { Tiling(geometry.groupOutChannels, by: 256) }
  private var blocks: Int { geometry.groups * positions.tiles * outs.tiles }

  /// Parts of the batch whose sums are kept apart.
  private var parts: Tiling {
    let wanted = (16 + blocks - 1) / blocks
    return Tiling(rows, parts: max(1, min(wanted, 4_000_000 / max(1, weights), rows / 128)), multiple: 8)
  }

  /// Rows that are multiplied at once.
  private var step: Int { min(256, parts.size) }
  private var patchWidth: Int { positions.size * geometry.groupInChannels }
  /// Patches of some rows as they come, with room to read a whole last panel.
  private var patchFloats: Int { geometry.isPointwise ? 0 : step * patchWidth + Kernels.panelWidth }
  private var packedPatches: PanelLayout { PanelLayout(rows: step, columns: patchWidth) }
  private var packedGradients: PanelLayout { PanelLayout(rows: step, columns: outs.size) }
  private var perWorker: Int { patchFloats + packedPatches.floats + packedGradients.floats }
  private var partSums: Int { parts.tiles > 1 ? parts.tiles * weights : 0 }

  func scratch(threads: Int) -> Int { partSums + threads * perWorker }

  /// Writes the gradient of the kernel.
  func run(
    x: UnsafePointer<Float>, dy: UnsafePointer<Float>, dw: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    let (g, parts, positions, outs, weights) = (geometry, parts, positions, outs, weights)
    let (sums, workers) = (scratch, scratch + partSums)
    pool.run(tiles: parts.tiles * blocks) { tile, worker in
      let (part, block) = (tile % parts.tiles, tile / parts.tiles)
      let item = Item(
        group: block / (positions.tiles * outs.tiles), positions: positions[block % positions.tiles],
        outs: outs[block / positions.tiles % outs.tiles], rows: parts[part])
      let target = parts.tiles > 1 ? sums + part * weights : dw
      multiply(
        item, x: x, dy: dy, spare: workers + worker * perWorker,
        into: target + (item.group * g.groupOutChannels + item.outs.lowerBound) * g.patch
          + item.positions.lowerBound * g.groupInChannels)
    }
    if parts.tiles > 1 {
      pool.elements(weights) { range in
        Kernels.table.column_sums(parts.tiles, range.count, weights, 1, sums + range.lowerBound, dw + range.lowerBound)
      }
    }
  }

  /// Writes dy' patches, summed over the item's rows, to its block of the gradient.
  private func multiply(
    _ item: Item, x: UnsafePointer<Float>, dy: UnsafePointer<Float>, spare: UnsafeMutablePointer<Float>,
    into target: UnsafeMutablePointer<Float>
  ) {
    let (g, gradients, packed) = (geometry, packedGradients, packedPatches)
    let width = item.positions.count * g.groupInChannels
    let (gradient, panels) = (spare + patchFloats, spare + patchFloats + gradients.floats)
    let firstOut = item.group * g.groupOutChannels + item.outs.lowerBound
    var row = item.rows.lowerBound
    while row < item.rows.upperBound {
      let block = row..<min(item.rows.upperBound, row + step)
      Kernels.table.pack_panels(
        block.count, item.outs.count, dy + block.lowerBound * g.outChannels + firstOut, g.outChannels, 1, gradient,
        gradients.panel)
      var source = x + block.lowerBound * g.inChannels
      if !g.isPointwise {
        g.patches(of: x, rows: block, group: item.group, positions: item.positions, into: spare)
        source = UnsafePointer(spare)
      }
      Kernels.table.pack_panels(block.count, width, source, width, 1, panels, packed.panel)
      var product = serspec_turned_product(
        rows: item.outs.count, columns: width, depth: block.count, a: gradient, a_panel: gradients.panel,
        a_step: Kernels.panelWidth, b: panels, b_panel: packed.panel, b_step: Kernels.panelWidth, c: target,
        c_row: g.patch, c_panel: Kernels.panelWidth, accumulate: row > item.rows.lowerBound ? 1 : 0)
      Kernels.table.panel_product_turned(&product)
      row = block.upperBound
    }
  }
}
