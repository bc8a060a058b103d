import CKernels
import Glibc

/// Convolution as matrix products of patches (im2col) with the kernel: right for every geometry.
///
/// The patches of one tile of output pixels at a time are written to scratch and multiplied at once; a 1x1 convolution
/// multiplies in place. The kernel is packed once.
struct PatchConvolution: ForwardAlgorithm {
  let geometry: ConvolutionGeometry

  init(_ geometry: ConvolutionGeometry) { self.geometry = geometry }

  var name: String { geometry.isPointwise ? "product" : "im2col" }

  var rows: Tiling { PatchConvolution.tiling(rows: geometry.batch * geometry.outPixels, patch: geometry.patch) }

  /// Pixels of one tile: about half a megabyte of patches, and enough tiles for several threads.
  static func tiling(rows: Int, patch: Int) -> Tiling {
    let fitting = max(96, min(768, 131_072 / max(1, patch) / 48 * 48))
    return Tiling(rows, by: min(fitting, max(48, rows / 16)))
  }

  /// The kernel of one group: [patch, out].
  private var kernel: PanelLayout { PanelLayout(rows: geometry.patch, columns: geometry.groupOutChannels) }

  func scratch(threads: Int) -> Int {
    geometry.groups * kernel.floats + (geometry.isPointwise ? 0 : threads * rows.size * geometry.patch)
  }

  /// `y = x * weight + bias`.
  func run(
    x: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    y: UnsafeMutablePointer<Float>, finish: Finish?, scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    let (g, kernel, tiling) = (geometry, kernel, rows)
    for group in 0..<g.groups {
      kernel.pack(
        weight + group * g.groupOutChannels * g.patch, rowStep: 1, columnStep: g.patch,
        into: scratch + group * kernel.floats, pool: pool)
    }
    let matrices = scratch + g.groups * kernel.floats
    pool.run(tiles: tiling.tiles * g.groups) { tile, worker in
      let (rows, group) = (tiling[tile / g.groups], tile % g.groups)
      var patches = x + rows.lowerBound * g.inChannels
      if !g.isPointwise {
        let matrix = matrices + worker * tiling.size * g.patch
        g.patches(of: x, rows: rows, group: group, positions: 0..<g.kernelArea, into: matrix)
        patches = UnsafePointer(matrix)
      }
      let firstOut = group * g.groupOutChannels
      var product = serspec_product(
        rows: rows.count, columns: g.groupOutChannels, depth: g.patch, a: patches, a_row: g.patch, a_run: g.patch,
        a_block: 0, b: scratch + group * kernel.floats, b_panel: kernel.panel,
        c: y + rows.lowerBound * g.outChannels + firstOut, c_row: g.outChannels, c_panel: Kernels.panelWidth,
        bias: bias.map { $0 + firstOut }, accumulate: 0)
      Kernels.table.panel_product(&product)
      finish?(
        at: rows.lowerBound * g.outChannels + firstOut, rows: rows.count, width: g.groupOutChannels,
        stride: g.outChannels)
    }
  }
}
