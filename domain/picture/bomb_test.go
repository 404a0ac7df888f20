package picture

import (
	"encoding/binary"
	"image"
	"image/color"
	"slices"
	"testing"
	"time"

	"osbu/domain"
)

// manyScans is a grey JPEG of a few hundred bytes with so many scans, each of
// which goes over all blocks to say that there is nothing: progressive ones by
// runs of empty bands (ITU-T T.81 §G.1.2.2), whose code is one bit.
func manyScans(side uint16, scans int) []byte {
	segment := func(marker byte, content ...byte) []byte {
		return append(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(content)+2)), content...)
	}
	size := binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16([]byte{8}, side), side)
	// A table with one code of one bit, for a run of 2^14 bands.
	table := append(append([]byte{0x10, 1}, make([]byte, 15)...), 0xe0)
	blocks := (int(side) + 7) / 8 * ((int(side) + 7) / 8)
	var empty []byte
	for done := 0; done < blocks; done += 1 << 14 {
		empty = append(empty, 0, 0) // the code and fourteen bits, and one that the next begins with
	}
	one := slices.Concat(segment(0xda, 1, 1, 0, 1, 63, 0), empty, []byte{0, 0})
	return slices.Concat([]byte{0xff, 0xd8}, segment(0xdb, append([]byte{0}, slices.Repeat([]byte{1}, 64)...)...),
		segment(0xc2, append(size, 1, 1, 0x11, 0)...), segment(0xc4, table...), slices.Repeat(one, scans),
		[]byte{0xff, 0xd9})
}

// Whatever is cheap to send and dear to decode is refused before it is decoded.
func TestScansAreBounded(t *testing.T) {
	for _, c := range []struct {
		name  string
		side  uint16
		scans int
		want  domain.Code
	}{
		{"few scans of a large picture", 3600, 20, ""},
		{"a thousand of a small one", 200, 1000, ""},
		{"many of a large one", 3600, 3000, CodeWork},
		{"many of a middling one", 1000, 5000, CodeWork},
		{"very many of a small one", 16, 100_000, CodeWork},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := manyScans(c.side, c.scans)
			if got := scans(data); got != c.scans {
				t.Errorf("got %d scans, want %d", got, c.scans)
			}
			began := time.Now()
			_, err := Prepare(data)
			if domain.CodeOf(err) != c.want {
				t.Errorf("got %v, want %q", err, c.want)
			}
			t.Logf("%d bytes: %v", len(data), time.Since(began).Round(time.Millisecond))
		})
	}
}

func TestScansAreCountedAsDecodersMeetThem(t *testing.T) {
	plain := encoded(t, flag(30, 30), "jpeg")
	thumbnail := append([]byte{0xff, 0xe1, byte((len(plain) + 2) >> 8), byte(len(plain) + 2)}, plain...)
	for name, c := range map[string]struct {
		data []byte
		want int
	}{
		"one":                        {plain, 1},
		"another picture inside":     {slices.Concat(plain[:2], thumbnail, plain[2:]), 1},
		"what follows the end":       {slices.Concat(plain, plain), 1},
		"stray bytes before markers": {slices.Concat(plain[:2], []byte("stray"), plain[2:]), 1},
		"a PNG":                      {encoded(t, flag(3, 3), "png"), 1},
		"nothing":                    {nil, 1},
		"a scan that breaks off":     {[]byte{0xff, 0xd8, 0xff, 0xda}, 1},
	} {
		if got := scans(c.data); got != c.want {
			t.Errorf("%s: got %d, want %d", name, got, c.want)
		}
	}
}

// No kind of picture has more pixels than can be gone over in a few seconds,
// however little memory one takes.
func TestPixelsAreBoundedForEveryKind(t *testing.T) {
	wide := encoded(t, image.NewPaletted(image.Rect(0, 0, 8193, 8193), color.Palette{color.Black}), "gif")
	if _, err := Prepare(wide); domain.CodeOf(err) != CodePixels {
		t.Errorf("got %v, want %s", err, CodePixels)
	}
}
