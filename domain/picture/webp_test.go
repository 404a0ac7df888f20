package picture

import (
	"bytes"
	"os"
	"slices"
	"testing"

	"osbu/domain"
)

// animation puts a picture's chunks twice into a file of 9 × 9 pixels.
func animation(chunks []byte) []byte {
	frame := slices.Concat([]byte{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 100, 0, 0, 2}, chunks)
	body := put(nil, "VP8X", []byte{animated, 0, 0, 0, 8, 0, 0, 8, 0, 0})
	body = put(body, "ANIM", []byte{255, 255, 255, 255, 0, 0})
	body = put(put(body, "ANMF", frame), "ANMF", frame)
	return put(nil, "RIFF", slices.Concat([]byte("WEBP"), body))
}

// Of an animation the first picture is shown, whatever it is packed in.
func TestAnimationsAreShownByTheirFirstPicture(t *testing.T) {
	file, err := os.ReadFile("testdata/animated.webp")
	if err != nil {
		t.Fatal(err)
	}
	lossy := chunk(chunk(file[12:], "ANMF")[frameHeader:], "VP8 ")
	size := []byte{79, 0, 0, 79, 0, 0}
	seen := slices.Concat(put(nil, "ALPH", append([]byte{0}, bytes.Repeat([]byte{200}, 80*80)...)), put(nil, "VP8 ", lossy))
	translucent := animation(seen)
	copy(translucent[bytes.Index(translucent, []byte("ANMF"))+8+6:], size)
	for name, c := range map[string]struct {
		data []byte
		side int
	}{
		"lossy":      {file, 80},
		"lossless":   {animation(webp1[12:]), 1},
		"with alpha": {translucent, 80},
	} {
		p, err := Prepare(c.data)
		if err != nil || p.Width != c.side || p.Height != c.side {
			t.Errorf("%s: got %d × %d, %v, want %d each way", name, p.Width, p.Height, err, c.side)
		}
	}
	for _, cut := range []int{22, 40, 60, 100} {
		if _, err := Prepare(file[:cut]); domain.CodeOf(err) != CodeBroken {
			t.Errorf("%d bytes of it: got %v, want %s", cut, err, CodeBroken)
		}
	}
}
