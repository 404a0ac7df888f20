// Package picture makes of whatever a phone or a camera gives the two plain
// pictures that are shown: decoded, turned upright, scaled, and encoded anew,
// so that nothing but the pixels survives: no place, no date, no name of a
// camera.
package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"

	"osbu/domain"
)

// Type is that of what Prepare makes.
const Type = "image/jpeg"

// Largest is how many bytes a picture may have that comes in.
const Largest = 10 << 20

// Bounds of what is made, and of the memory and time that decoding may take.
const (
	longSide     = 2000 // pixels
	smallSide    = 640
	quality      = 85
	smallQuality = 80
	mostSide     = 20_000
	mostPixels   = 64 << 20
	mostMemory   = 256 << 20 // bytes
	mostWork     = 256 << 20 // pixels, each as often as a scan goes over it: a second or two
)

// leastWork is what a scan costs however few the pixels are.
const leastWork = 64 << 10

// Codes of refusals.
const (
	CodeSize   domain.Code = "image_too_large"       // bytes
	CodePixels domain.Code = "image_too_many_pixels" // to decode it takes more memory than we give
	CodeWork   domain.Code = "image_too_complex"     // to decode it takes longer than we give
	CodeType   domain.Code = "image_type_unknown"
	CodeBroken domain.Code = "image_damaged"
)

// Picture is what is shown of one: the long side at most 2000 pixels, and 640
// in the small one for lists and phones; both JPEG.
type Picture struct {
	Width, Height int // pixels of Full
	Full, Small   []byte
}

// format is what the first bytes tell. Names and headers are not asked.
type format struct {
	begins string
	at     int // where it begins
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error) // of an animation the first picture
	// weigh is how many bytes decoding takes for a pixel, at most.
	weigh func(data []byte, model color.Model) int
}

var formats = []format{
	{"\xff\xd8\xff", 0, jpeg.DecodeConfig, jpeg.Decode, func(data []byte, _ color.Model) int {
		if _, progressive := headers(data); progressive {
			return 20 // all coefficients wait for the end, as int32
		}
		return 4
	}},
	{"\x89PNG\r\n\x1a\n", 0, png.DecodeConfig, png.Decode, func(_ []byte, model color.Model) int {
		switch model {
		case color.RGBA64Model, color.NRGBA64Model:
			return 16 // interlaced, all of it once more
		}
		return 8
	}},
	{"GIF8", 0, gif.DecodeConfig, gif.Decode, func([]byte, color.Model) int { return 2 }},
	{"WEBPVP8", 8, webp.DecodeConfig, webp.Decode, func([]byte, color.Model) int { return 12 }},
}

// Prepare makes both pictures, or says what is wrong with the data: too many
// bytes, pixels or scans, no picture that we know, or a damaged one. It takes
// at most mostMemory and the data; the caller bounds how many run at once, and
// runs each where a decoder that fails takes nothing else with it.
func Prepare(data []byte) (Picture, error) {
	if len(data) > Largest {
		return Picture{}, domain.Fail(domain.Invalid, CodeSize, "an image has at most %d bytes", Largest)
	}
	for _, f := range formats {
		if len(data) < f.at+len(f.begins) || string(data[f.at:f.at+len(f.begins)]) != f.begins {
			continue
		}
		upright, err := f.read(still(data))
		if err != nil {
			return Picture{}, err
		}
		return encode(upright)
	}
	return Picture{}, domain.Fail(domain.Invalid, CodeType, "an image is JPEG, PNG, WebP or GIF by its first bytes")
}

// read decodes, scales to the long side and turns upright. The size is looked
// at before anything is decoded: a small file can hold a very large picture.
func (f format) read(data []byte) (*image.RGBA, error) {
	c, err := f.config(bytes.NewReader(data))
	if err != nil || c.Width < 1 || c.Height < 1 {
		return nil, errBroken
	}
	if c.Width > mostSide || c.Height > mostSide ||
		c.Width*c.Height > min(mostPixels, mostMemory/f.weigh(data, c.ColorModel)) {
		return nil, domain.Fail(
			domain.Invalid,
			CodePixels,
			"an image of %d × %d pixels is too large",
			c.Width,
			c.Height,
		)
	}
	if n := scans(data); n > mostWork/max(c.Width*c.Height, leastWork) {
		return nil, domain.Fail(
			domain.Invalid, CodeWork, "an image of %d × %d pixels in %d scans takes too long", c.Width, c.Height, n,
		)
	}
	picture, err := f.decode(bytes.NewReader(data))
	if err != nil {
		return nil, errBroken
	}
	o, _ := headers(data)
	return o.turn(scale(picture, longSide)), nil
}

var errBroken = domain.Fail(domain.Invalid, CodeBroken, "the image is damaged or not whole")

func encode(upright *image.RGBA) (p Picture, err error) {
	p.Width, p.Height = upright.Bounds().Dx(), upright.Bounds().Dy()
	var full, small bytes.Buffer
	if err = jpeg.Encode(&full, upright, &jpeg.Options{Quality: quality}); err == nil {
		err = jpeg.Encode(&small, scale(upright, smallSide), &jpeg.Options{Quality: smallQuality})
	}
	p.Full, p.Small = full.Bytes(), small.Bytes()
	return p, err
}
