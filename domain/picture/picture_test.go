package picture

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"

	"osbu/domain"
)

// flag is red at the left and blue below the middle at the right, so that every
// way of holding it shows.
func flag(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{A: 255}
			switch {
			case x < w/2:
				c.R = 255
			case y >= h/2:
				c.B = 255
			}
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

func encoded(t *testing.T, m image.Image, how string) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch how {
	case "jpeg":
		err = jpeg.Encode(&b, m, &jpeg.Options{Quality: 95})
	case "png":
		err = png.Encode(&b, m)
	case "gif":
		err = gif.Encode(&b, m, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// webp1 is one lossless green pixel: the smallest WebP there is.
var webp1 = []byte("RIFF\x1a\x00\x00\x00WEBPVP8L\r\x00\x00\x00/\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00")

// exifOf is a camera's segment: an orientation, and the coordinates of
// somebody's home.
func exifOf(order binary.AppendByteOrder, mark string, o uint16) []byte {
	tiff := order.AppendUint32(order.AppendUint16([]byte(mark), 42), 8)
	tiff = order.AppendUint16(tiff, 2)
	tiff = order.AppendUint16(order.AppendUint32(order.AppendUint16(order.AppendUint16(tiff, 274), 3), 1), o)
	tiff = order.AppendUint16(tiff, 0)
	tiff = order.AppendUint32(order.AppendUint32(order.AppendUint16(order.AppendUint16(tiff, 0x8825), 4), 1), 26)
	tiff = append(tiff, "GPSLatitude 60.16952 24.93545"...)
	segment := append([]byte("Exif\x00\x00"), tiff...)
	return append(binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(segment)+2)), segment...)
}

func colourAt(t *testing.T, data []byte, right, below float64) string {
	t.Helper()
	m, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	b := m.Bounds()
	r, g, bl, _ := m.At(int(float64(b.Dx())*right), int(float64(b.Dy())*below)).RGBA()
	switch {
	case r > 0xc000 && g < 0x4000 && bl < 0x4000:
		return "red"
	case bl > 0xc000 && r < 0x4000 && g < 0x4000:
		return "blue"
	case r < 0x4000 && g < 0x4000 && bl < 0x4000:
		return "black"
	case r > 0xc000 && g > 0xc000 && bl > 0xc000:
		return "white"
	}
	return "mixed"
}

func TestEveryKindBecomesTwoPlainPictures(t *testing.T) {
	for _, how := range []string{"jpeg", "png", "gif"} {
		p, err := Prepare(encoded(t, flag(2600, 1300), how))
		if err != nil {
			t.Fatalf("%s: %v", how, err)
		}
		if p.Width != 2000 || p.Height != 1000 {
			t.Errorf("%s: %d × %d", how, p.Width, p.Height)
		}
		for name, data := range map[string][]byte{"full": p.Full, "small": p.Small} {
			c, err := jpeg.DecodeConfig(bytes.NewReader(data))
			if want := map[string]int{"full": 2000, "small": 640}[name]; err != nil || c.Width != want ||
				c.Height != want/2 {
				t.Errorf("%s %s: %v %v", how, name, c, err)
			}
			if l, r, b := colourAt(t, data, .2, .2), colourAt(t, data, .8, .2), colourAt(t, data, .8, .8); l != "red" ||
				r != "black" ||
				b != "blue" {
				t.Errorf("%s %s: %s %s %s", how, name, l, r, b)
			}
		}
	}
	if p, err := Prepare(webp1); err != nil || p.Width != 1 {
		t.Errorf("WebP: %+v %v", p, err)
	}
	if p, err := Prepare(encoded(t, image.NewNRGBA(image.Rect(0, 0, 8, 8)), "png")); err != nil ||
		colourAt(t, p.Full, .5, .5) != "white" {
		t.Errorf("what is transparent lies on white: %v", err)
	}
	if p, err := Prepare(encoded(t, flag(4001, 3), "png")); err != nil || p.Width != 2000 || p.Height != 1 {
		t.Errorf("a stroke: %d × %d %v", p.Width, p.Height, err)
	}
}

// Nothing of a photo but its pixels survives, and they stand upright.
func TestMetadataIsLeftBehind(t *testing.T) {
	plain := encoded(t, flag(400, 200), "jpeg")
	upright := map[uint16][3]string{ // at left above, right above, right below
		1: {"red", "black", "blue"}, 2: {"black", "red", "red"}, 3: {"blue", "red", "red"}, 4: {"red", "blue", "black"},
		5: {
			"red",
			"red",
			"blue",
		}, 6: {"red", "red", "black"}, 7: {"blue", "black", "red"}, 8: {"black", "blue", "red"}, 9: {"red", "black", "blue"},
	}
	for o, want := range upright {
		for mark, order := range map[string]binary.AppendByteOrder{"MM": binary.BigEndian, "II": binary.LittleEndian} {
			data := append(append([]byte{0xff, 0xd8}, exifOf(order, mark, o)...), plain[2:]...)
			p, err := Prepare(data)
			if err != nil {
				t.Fatal(err)
			}
			if got := [3]string{
				colourAt(t, p.Full, .2, .2), colourAt(t, p.Full, .8, .2),
				colourAt(t, p.Full, .8, .8),
			}; got != want {
				t.Errorf("orientation %d %s: %v, want %v", o, mark, got, want)
			}
			for _, out := range [][]byte{p.Full, p.Small} {
				if bytes.Contains(out, []byte("Exif")) || bytes.Contains(out, []byte("GPS")) ||
					bytes.Contains(out, []byte("60.16952")) {
					t.Errorf("orientation %d: the place is still in it", o)
				}
			}
			if wide := o < 5 || o > 8; wide != (p.Width == 400) {
				t.Errorf("orientation %d: %d wide", o, p.Width)
			}
		}
	}
}

// bomb is a PNG of a few hundred bytes that says it has so many pixels.
func bomb(t *testing.T, w, h uint32) []byte {
	t.Helper()
	data := encoded(t, flag(4, 4), "png")
	binary.BigEndian.PutUint32(data[16:], w)
	binary.BigEndian.PutUint32(data[20:], h)
	binary.BigEndian.PutUint32(data[29:], crc32.ChecksumIEEE(data[12:29]))
	return data
}

func TestWhatIsNoPictureIsRefused(t *testing.T) {
	whole := map[string][]byte{
		"jpeg": encoded(t, flag(300, 300), "jpeg"),
		"png":  encoded(t, flag(300, 300), "png"),
		"gif":  encoded(t, flag(300, 300), "gif"),
	}
	progressive := bytes.Clone(whole["jpeg"]) // says that it is progressive and has 5000 × 5000 pixels
	at := bytes.Index(progressive, []byte{0xff, 0xc0})
	progressive[at+1] = 0xc2
	copy(progressive[at+5:], "\x13\x88\x13\x88")
	for name, c := range map[string]struct {
		data []byte
		code domain.Code
	}{
		"nothing": {nil, CodeType},
		"SVG": {
			[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`),
			CodeType,
		},
		"SVG after a byte order": {[]byte("\xef\xbb\xbf<?xml version=\"1.0\"?><svg/>"), CodeType},
		"HTML":                   {[]byte("<!doctype html><script>alert(1)</script>"), CodeType},
		"PDF":                    {[]byte("%PDF-1.7"), CodeType},
		"TIFF":                   {[]byte("II*\x00\x08\x00\x00\x00"), CodeType},
		"HEIC":                   {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), CodeType},
		"a ZIP":                  {[]byte("PK\x03\x04"), CodeType},
		"HTML after a JPEG mark": {[]byte("\xff\xd8\xff<html><script>alert(1)</script>"), CodeBroken},
		"HTML after a GIF mark":  {[]byte("GIF89a\x04\x00\x04\x00/*<script>*/=alert(1)//"), CodeBroken},
		"only a mark":            {[]byte("\x89PNG\r\n\x1a\n"), CodeBroken},
		"half a JPEG":            {whole["jpeg"][:len(whole["jpeg"])/2], CodeBroken},
		"half a PNG":             {whole["png"][:len(whole["png"])/2], CodeBroken},
		"half a GIF":             {whole["gif"][:len(whole["gif"])/2], CodeBroken},
		"half a WebP":            {webp1[:len(webp1)-8], CodeBroken},
		"a bomb":                 {bomb(t, 19_000, 19_000), CodePixels},
		"a very wide bomb":       {bomb(t, 1<<31-1, 1), CodePixels},
		"a progressive bomb":     {progressive, CodePixels},
		"no pixels":              {bomb(t, 0, 5), CodeBroken},
		"too many bytes":         {append(bytes.Clone(whole["jpeg"]), make([]byte, Largest)...), CodeSize},
	} {
		if _, err := Prepare(c.data); domain.CodeOf(err) != c.code || domain.KindOf(err) != domain.Invalid {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
}

// What follows a picture is not kept: a page hidden behind it would be served
// with it.
func TestWhatIsBehindAPictureIsLeftBehind(t *testing.T) {
	for _, how := range []string{"jpeg", "png", "gif"} {
		p, err := Prepare(append(encoded(t, flag(30, 30), how), "<script>alert(1)</script>"...))
		if err != nil || bytes.Contains(p.Full, []byte("script")) || bytes.Contains(p.Small, []byte("script")) {
			t.Errorf("%s: %v", how, err)
		}
	}
}

func FuzzPrepare(f *testing.F) {
	f.Add(webp1)
	f.Add(
		[]byte(
			"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;",
		),
	)
	f.Add(append([]byte{0xff, 0xd8}, exifOf(binary.BigEndian, "MM", 6)...))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Prepare(data)
		if err != nil && domain.KindOf(err) != domain.Invalid {
			t.Fatal(err)
		}
		if err == nil &&
			(len(p.Full) == 0 || len(p.Small) == 0 || p.Width < 1 || p.Width > longSide || p.Height < 1 || p.Height > longSide) {
			t.Fatalf("%d × %d", p.Width, p.Height)
		}
	})
}
