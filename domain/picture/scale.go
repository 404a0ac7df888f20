package picture

import (
	"image"
	"image/color"
	stddraw "image/draw"

	"golang.org/x/image/draw"
)

// scale lays the picture on white and makes its long side at most so many
// pixels: first by a whole divisor, each pixel the mean of those it stands for,
// then by interpolation. A better filter over the whole would take several
// times the picture's memory.
func scale(src image.Image, side int) *image.RGBA {
	b := src.Bounds()
	long := max(b.Dx(), b.Dy())
	halved := shrink(src, max(long/side, 1))
	long = max(halved.Bounds().Dx(), halved.Bounds().Dy())
	if long <= side {
		return halved
	}
	w, h := max(halved.Bounds().Dx()*side/long, 1), max(halved.Bounds().Dy()*side/long, 1)
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.ApproxBiLinear.Scale(dst, dst.Bounds(), halved, halved.Bounds(), draw.Src, nil)
	return dst
}

// shrink divides both sides by n. It works in strips, so that the whole is
// never there twice.
func shrink(src image.Image, n int) *image.RGBA {
	b := src.Bounds()
	w, h := max(b.Dx()/n, 1), max(b.Dy()/n, 1)
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	strip := image.NewRGBA(image.Rect(0, 0, b.Dx(), min(n, b.Dy())))
	white := image.NewUniform(color.White)
	for y := range h {
		stddraw.Draw(strip, strip.Bounds(), white, image.Point{}, stddraw.Src)
		stddraw.Draw(strip, strip.Bounds(), src, image.Pt(b.Min.X, b.Min.Y+y*n), stddraw.Over)
		for x := range w {
			mean(dst.Pix[dst.PixOffset(x, y):], strip, x*n, min(n, b.Dx()))
		}
	}
	return dst
}

// mean is that of the strip's pixels from x on, so many in a row.
func mean(pixel []uint8, strip *image.RGBA, x, wide int) {
	var r, g, b, count int
	for y := range strip.Bounds().Dy() {
		row := strip.Pix[strip.PixOffset(x, y):]
		for i := range wide {
			r, g, b = r+int(row[4*i]), g+int(row[4*i+1]), b+int(row[4*i+2])
			count++
		}
	}
	for i, sum := range []int{r, g, b} {
		pixel[i] = uint8(sum / count) //nolint:gosec // a mean of bytes
	}
	pixel[3] = 0xff
}
