package city

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"osbu/domain"
)

// Helper is somebody who helps residents in person, such as a borough's
// facilitator.
type Helper struct {
	Name  string
	Where domain.Text // the districts in which she helps
	Contact
	Photo []byte // JPEG, PNG or WebP; none: no face is shown
}

// helperFile is how a helper is written; the photo is a file beside the city's.
type helperFile struct {
	Contact
	Name  string      `json:"name"`
	Where domain.Text `json:"where"`
	Photo string      `json:"photo"`
}

// mostPhoto is more bytes than a face of some 200 pixels needs.
const mostPhoto = 100 << 10

// mostHelpers is more people than one looks through on a page.
const mostHelpers = 60

// isPhoto knows JPEG, PNG and WebP by their signatures.
func isPhoto(data []byte) bool {
	return bytes.HasPrefix(data, []byte("\xff\xd8\xff")) || bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")) ||
		len(data) > 12 && bytes.HasPrefix(data, []byte("RIFF")) && string(data[8:12]) == "WEBP"
}

func (f helperFile) read(dir fs.FS, city string) (h Helper, problems []string) {
	h = Helper{Name: f.Name, Where: f.Where, Contact: f.Contact}
	if strings.TrimSpace(f.Name) == "" {
		problems = append(problems, "want a name")
	}
	if !inAll(f.Where) {
		problems = append(problems, f.Name+": want where she helps, in fi, sv and en")
	}
	for _, problem := range f.problems() {
		problems = append(problems, f.Name+": "+problem)
	}
	if f.Photo == "" {
		return h, problems
	}
	photo, err := readMost(dir, path.Join(path.Dir(city), f.Photo), mostPhoto)
	if err == nil && !isPhoto(photo) {
		err = fmt.Errorf("%s: want a JPEG, PNG or WebP file", f.Photo)
	}
	if err != nil {
		problems = append(problems, f.Name+": "+err.Error())
	}
	h.Photo = photo
	return h, problems
}
