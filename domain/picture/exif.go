package picture

import (
	"bytes"
	"encoding/binary"
	"image"
)

// orientation is how a camera was held: Exif 2.32 §4.6.4, tag 274; 1 and
// everything unknown is upright.
type orientation uint16

// headers reads a JPEG's segments (ITU-T T.81 annex B) up to the picture
// itself: the orientation in its Exif data, and whether it is progressive. Of
// anything else, or where it breaks off, it tells what it has seen.
func headers(data []byte) (o orientation, progressive bool) {
	for rest := data; ; {
		if len(rest) < 4 {
			return o, false
		}
		marker := rest[1]
		switch {
		case rest[0] != 0xff:
			return o, false
		case marker == 0xff: // fill byte
			rest = rest[1:]
			continue
		case marker == 0xd8:
			rest = rest[2:]
			continue
		}
		length := int(binary.BigEndian.Uint16(rest[2:]))
		if length < 2 || len(rest) < 2+length {
			return o, false
		}
		segment := rest[4 : 2+length]
		switch {
		case marker == 0xe1 && o == 0:
			o = exif(segment)
		case marker == 0xc2 || marker == 0xc6 || marker == 0xca || marker == 0xce:
			return o, true
		case marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc, marker == 0xda:
			return o, false
		}
		rest = rest[2+length:]
	}
}

// exif finds the orientation in the first directory of TIFF 6.0 §2.
func exif(segment []byte) orientation {
	tiff, ok := bytes.CutPrefix(segment, []byte("Exif\x00\x00"))
	if !ok || len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(tiff[:2]) == "II" {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 0
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			return 0
		}
		if order.Uint16(entries) == 274 {
			return orientation(order.Uint16(entries[8:]))
		}
		entries = entries[12:]
	}
	return 0
}

// turn gives the picture as it is meant to be seen.
func (o orientation) turn(src *image.RGBA) *image.RGBA {
	if o < 2 || o > 8 {
		return src
	}
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	wide, high := w, h
	if o >= 5 {
		wide, high = h, w
	}
	dst := image.NewRGBA(image.Rect(0, 0, wide, high))
	for y := range high {
		for x := range wide {
			fx, fy := x, y
			switch o {
			case 2:
				fx = w - 1 - x
			case 3:
				fx, fy = w-1-x, h-1-y
			case 4:
				fy = h - 1 - y
			case 5:
				fx, fy = y, x
			case 6:
				fx, fy = y, h-1-x
			case 7:
				fx, fy = w-1-y, h-1-x
			case 8:
				fx, fy = w-1-y, x
			}
			copy(dst.Pix[dst.PixOffset(x, y):][:4], src.Pix[src.PixOffset(fx, fy):][:4])
		}
	}
	return dst
}
