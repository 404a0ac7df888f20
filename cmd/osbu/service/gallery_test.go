package service

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"osbu/domain"
	"osbu/handlers"
	"osbu/handlers/api"
)

// photo is what a phone makes: so many pixels, and the coordinates of a home in
// its Exif data.
func photo(t *testing.T, w, h int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = uint8(i % 251)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	exif := "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00GPSLatitude 60.16952"
	segment := append([]byte{0xff, 0xe1, 0, byte(len(exif) + 2)}, exif...)
	return slices.Concat(b.Bytes()[:2], segment, b.Bytes()[2:])
}

// upload sends an image's bytes.
func (c *client) upload(path string, data []byte, out any) (int, string) {
	c.t.Helper()
	c.header = http.Header{"Content-Type": {"application/octet-stream"}}
	defer func() { c.header = nil }()
	return c.post(path+"/images", data, out)
}

// added uploads a small image, and gives it.
func (c *client) added(path string) (i api.Image) {
	c.t.Helper()
	if status, code := c.upload(path, photo(c.t, 8, 4), &i); status != http.StatusCreated {
		c.t.Fatalf("%d %s", status, code)
	}
	return i
}

func described(images ...api.Image) api.ImageOrder {
	o := api.ImageOrder{Images: []api.ImageText{}}
	for _, i := range images {
		o.Images = append(o.Images, api.ImageText{Id: i.Id, Alt: "Puisto " + i.Id[:3]})
	}
	return o
}

func TestAnImagesWay(t *testing.T) {
	t.Parallel()
	w, official := proposing(t)
	author, visitor, facilitator := w.as(t, person{Name: "Aino Asukas"}), w.anonymous(t), w.facilitator(t, "southern")
	path := author.draft(bench("Penkki"))
	var one api.Image
	if status, code := author.upload(path, photo(t, 2600, 130), &one); status != http.StatusCreated ||
		one.Width != 100 ||
		one.Height != 2000 ||
		one.Alt != "" {
		t.Fatalf("%d %s %+v", status, code, one)
	}
	two := author.added(path)
	if len(one.Id) != 26 || one.Id == two.Id {
		t.Fatalf("%s %s", one.Id, two.Id)
	}
	small := path + "/images/" + one.Id + "/small"

	// A draft's images are its authors', whoever knows the address.
	for name, c := range map[string]*client{
		"visitor": visitor, "another": w.as(t, person{Name: "Eino Asukas"}),
		"the facilitator": facilitator, "official": official,
	} {
		for _, address := range []string{small, path + "/images", path + "/images/" + one.Id + "/full"} {
			if status, code := c.get(address, nil); status != http.StatusNotFound || code != "not_found" {
				t.Errorf("%s gets %s: %d %s", name, address, status, code)
			}
		}
	}
	var data []byte
	author.ok("GET", small, nil, &data)
	if c, err := jpeg.DecodeConfig(bytes.NewReader(data)); err != nil || c.Width != 31 || c.Height != 640 ||
		bytes.Contains(data, []byte("GPS")) ||
		bytes.Contains(data, []byte("Exif")) {
		t.Errorf("%v %v", c, err)
	}

	// To hand it in, every image is described; then order and texts are
	// everybody's.
	status, code, fields := author.fields("POST", path+"/submit", nil)
	if status != http.StatusBadRequest || code != "invalid_request" ||
		!slices.Equal(fields, []string{"images[0].alt required", "images[1].alt required"}) {
		t.Fatalf("%d %s %q", status, code, fields)
	}
	var p api.Proposal
	author.ok("PUT", path+"/images", described(two, one), &p)
	author.ok("POST", path+"/submit", nil, &p)
	if len(p.Images) != 2 || p.Images[0].Id != two.Id || p.Images[1].Alt != "Puisto "+one.Id[:3] {
		t.Fatalf("%+v", p.Images)
	}
	response := visitor.send("GET", small, nil)
	_ = response.Body.Close()
	h := response.Header
	if response.StatusCode != http.StatusOK || h.Get("Content-Type") != "image/jpeg" ||
		h.Get("X-Content-Type-Options") != "nosniff" ||
		h.Get("Cache-Control") != "public, max-age=60" ||
		!strings.Contains(h.Get("Content-Security-Policy"), "sandbox") ||
		h.Get("ETag") == "" ||
		h.Get("Content-Encoding") != "" {
		t.Errorf("%d %v", response.StatusCode, h)
	}
	visitor.header = http.Header{"If-None-Match": {h.Get("ETag")}}
	if status, _ := visitor.get(small, nil); status != http.StatusNotModified {
		t.Errorf("unchanged: %d", status)
	}
	visitor.header = nil

	// One that is added to what others see is shown to them once it is
	// described.
	three := author.added(path)
	visitor.ok("GET", path, nil, &p)
	if status, _ := visitor.get(path+"/images/"+three.Id+"/full", nil); status != http.StatusNotFound ||
		len(p.Images) != 2 {
		t.Errorf("%d %+v", status, p.Images)
	}
	response = author.send("GET", path+"/images/"+three.Id+"/full", nil)
	_ = response.Body.Close()
	if got := response.Header.Get("Cache-Control"); got != "private, no-cache" {
		t.Errorf("its author's: %s", got)
	}
	if status, code, fields := author.fields("PUT", path+"/images",
		[]byte(`{"images":[{"id":"`+two.Id+`","alt":""},{"id":"`+one.Id+`","alt":"x"},{"id":"`+three.Id+`","alt":""}]}`)); status != http.StatusBadRequest ||
		!slices.Equal(fields, []string{"images[0].alt required"}) {
		t.Errorf("a text is taken away: %d %s %q", status, code, fields)
	}

	// Its author takes one away while she may edit, a moderator at any time;
	// the bytes go with it.
	author.ok("DELETE", path+"/images/"+three.Id, nil, nil)
	facilitator.ok("POST", path+"/take", nil, nil)
	if status, code := author.delete(path+"/images/"+two.Id, nil); status != http.StatusConflict ||
		code != "proposal_state_forbids" {
		t.Errorf("during the evaluation: %d %s", status, code)
	}
	if status, code := w.facilitator(t, "western").delete(path+"/images/"+two.Id, nil); status != http.StatusForbidden ||
		code != "not_allowed" {
		t.Errorf("another district's: %d %s", status, code)
	}
	facilitator.ok("DELETE", path+"/images/"+two.Id, nil, nil)
	var audit string
	official.ok("GET", "/api/v1/rounds/r/audit", nil, &audit)
	if !strings.Contains(audit, "remove_image") {
		t.Errorf("%s", audit)
	}
	if left := w.files(t); !slices.Equal(left, []string{one.Id + "/full.jpg", one.Id + "/small.jpg"}) {
		t.Errorf("left: %q", left)
	}
}

// files are the names in the file store, without what the driver keeps for
// itself.
func (w *world) files(t *testing.T) (names []string) {
	t.Helper()
	dir := w.folder()
	if err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			name, _ := filepath.Rel(dir, path)
			names = append(names, name)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return names
}

func (w *world) folder() string {
	dir, _, _ := strings.Cut(strings.TrimPrefix(w.settings.FilesURL, "file://"), "?")
	return dir
}

func TestImagesAreRefused(t *testing.T) {
	t.Parallel()
	w, _ := proposing(t)
	author, other := w.as(t, person{Name: "Aino Asukas"}), w.as(t, person{Name: "Eino Asukas"})
	path := author.draft(bench("Penkki"))
	good := photo(t, 8, 8)
	huge := image.NewPaletted(image.Rect(0, 0, 8200, 8200), color.Palette{color.Black}) // 67 million pixels
	var bomb bytes.Buffer
	if err := png.Encode(&bomb, huge); err != nil || bomb.Len() > 1<<20 {
		t.Fatalf("%v %d", err, bomb.Len())
	}
	for _, c := range []struct {
		name   string
		client *client
		data   []byte
		status int
		code   string
	}{
		{"a visitor's", w.anonymous(t), good, 401, "sign_in_required"},
		{"another's draft", other, good, 404, "not_found"},
		{"SVG", author, []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), 415, "image_type_unknown"},
		{"HTML", author, []byte(`<!doctype html><script>alert(1)</script>`), 415, "image_type_unknown"},
		{"nothing", author, nil, 415, "image_type_unknown"},
		{"half of one", author, good[:len(good)/2], 400, "image_damaged"},
		{"a bomb", author, bomb.Bytes(), 400, "image_too_many_pixels"},
		{"too many bytes", author, slices.Concat(good, make([]byte, 10<<20)), 413, "body_too_large"},
	} {
		if status, code := c.client.upload(path, c.data, nil); status != c.status || code != c.code {
			t.Errorf("%s: %d %s, want %d %s", c.name, status, code, c.status, c.code)
		}
	}
	for _, kind := range []string{"image/jpeg", "multipart/form-data; boundary=x", "application/json", ""} {
		author.header = http.Header{"Content-Type": {kind}}
		if status, code := author.post(path+"/images", good, nil); status != http.StatusUnsupportedMediaType ||
			code != "unsupported_media_type" {
			t.Errorf("as %q: %d %s", kind, status, code)
		}
		author.header = nil
	}
	if left := w.files(t); len(left) != 0 {
		t.Fatalf("refused images left %q", left)
	}
	var images []api.Image
	for range 5 {
		images = append(images, author.added(path))
	}
	if status, code := author.upload(path, good, nil); status != http.StatusConflict || code != "too_many_images" {
		t.Errorf("the sixth: %d %s", status, code)
	}
	var of api.Images
	author.ok("GET", path+"/images", nil, &of)
	if len(of.Images) != 5 || of.Open {
		t.Errorf("%+v", of)
	}
	for name, wrong := range map[string]api.ImageOrder{
		"one is left out": described(images[:4]...), "one twice": described(slices.Concat(images[:4], images[:1])...),
		"another": described(append(slices.Clone(images[:4]), api.Image{Id: strings.Repeat("a", 26)})...),
	} {
		if status, code := author.put(path+"/images", wrong, nil); status != http.StatusConflict ||
			code != "edited_meanwhile" {
			t.Errorf("%s: %d %s", name, status, code)
		}
	}
	author.ok("PUT", path+"/images", described(images...), nil)
	author.ok("POST", path+"/submit", nil, nil)
	for name, c := range map[string]*client{"a visitor": w.anonymous(t), "another": other} {
		want, word := 403, "not_allowed"
		if name == "a visitor" {
			want, word = 401, "sign_in_required"
		}
		for _, one := range []struct{ method, path string }{
			{"PUT", path + "/images"},
			{"DELETE", path + "/images/" + images[0].Id},
		} {
			var body any
			if one.method == "PUT" {
				body = described(images...)
			}
			if status, code := c.do(one.method, one.path, body, nil); status != want || code != word {
				t.Errorf("%s %s: %d %s", name, one.method, status, code)
			}
		}
		if status, code := c.upload(path, good, nil); status != want || code != word {
			t.Errorf("%s adds: %d %s", name, status, code)
		}
	}
	elsewhere := author.draft(bench("Pöytä"))
	if status, _ := author.get(elsewhere+"/images/"+images[0].Id+"/full", nil); status != http.StatusNotFound {
		t.Errorf("under another proposal: %d", status)
	}
	if _, err := w.office.Owner.Exec("UPDATE round SET phase = 'vetting'"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.office.Owner.Exec("UPDATE round SET phase = 'frozen', freeze_decision = '§ 1'"); err != nil {
		t.Fatal(err)
	}
	author.ok("GET", path+"/images/"+images[0].Id+"/full", nil, nil)
	if status, code := author.delete(path+"/images/"+images[0].Id, nil); status != http.StatusConflict ||
		code != "phase_forbids" {
		t.Errorf("after the freeze: %d %s", status, code)
	}
	w.facilitator(t, "southern").ok("DELETE", path+"/images/"+images[0].Id, nil, nil)
}

// Other users of the machine see nothing of what is kept.
func TestImagesAreOnlyOurs(t *testing.T) {
	t.Parallel()
	w, _ := proposing(t)
	author := w.as(t, person{Name: "Aino Asukas"})
	image := author.added(author.draft(bench("Penkki")))
	for name, want := range map[string]os.FileMode{
		image.Id: 0o700 | os.ModeDir, image.Id + "/full.jpg": 0o600, image.Id + "/small.jpg": 0o600,
	} {
		info, err := os.Stat(filepath.Join(w.folder(), name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode() != want {
			t.Errorf("%s: got %v, want %v", name, info.Mode(), want)
		}
	}
}

// Two at once are not one too many.
func TestImagesAtTheSameTime(t *testing.T) {
	t.Parallel()
	w, _ := proposing(t, func(s *Settings) { // she tries again and again
		s.LimitSession, s.LimitImage, s.LimitBytes = handlers.Rate{}, handlers.Rate{}, handlers.Rate{}
	})
	author := w.as(t, person{Name: "Aino Asukas"})
	path := author.draft(bench("Penkki"))
	done := make(chan int)
	for range 8 {
		c := &client{t: t, w: w, token: author.token, csrf: author.csrf}
		go func() {
			status := http.StatusServiceUnavailable
			for status == http.StatusServiceUnavailable { // while another of hers is in hand
				status, _ = c.upload(path, photo(t, 8, 8), nil)
			}
			done <- status
		}()
	}
	added := 0
	for range 8 {
		switch status := <-done; status {
		case http.StatusCreated:
			added++
		case http.StatusConflict:
		default:
			t.Errorf("%d", status)
		}
	}
	var of api.Images
	author.ok("GET", path+"/images", nil, &of)
	if added != 5 || len(of.Images) != 5 {
		t.Errorf("%d added, %d there", added, len(of.Images))
	}
}

// What broke off half way leaves nothing behind for long.
func TestNobodysImagesAreSwept(t *testing.T) {
	t.Parallel()
	w, _ := proposing(t)
	author := w.as(t, person{Name: "Aino Asukas"})
	kept := author.added(author.draft(bench("Penkki")))
	orphan := filepath.Join(w.folder(), strings.Repeat("z", 26))
	if err := os.Mkdir(orphan, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(orphan, "full.jpg"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		later time.Duration
		left  int
	}{{0, 3}, {2 * time.Hour, 2}} {
		if _, err := w.gallery.Sweep(context.Background(), time.Now().Add(c.later)); err != nil {
			t.Fatal(err)
		}
		if left := w.files(t); len(left) != c.left || !strings.HasPrefix(left[0], kept.Id) {
			t.Errorf("after %s: %q", c.later, left)
		}
	}
}

// Without a file store everything else works.
func TestASiteWithoutImages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *Settings) { s.FilesURL = "" })
	w.at(t, duringProposing)
	o := w.as(t, person{Name: "Olli Official", Roles: []domain.Role{domain.Official}})
	o.createRound("r", "helsinki-2026")
	o.step("r", "propose")
	path := o.draft(bench("Penkki"))
	var of api.Images
	o.ok("GET", path+"/images", nil, &of)
	if status, code := o.upload(path, photo(t, 8, 8), nil); status != http.StatusConflict ||
		code != "images_not_taken" ||
		of.Open {
		t.Errorf("%d %s", status, code)
	}
	o.ok("POST", path+"/submit", nil, nil)
}

// A chunked body is measured, too.
func TestAnEndlessImageIsRefused(t *testing.T) {
	t.Parallel()
	w, _ := proposing(t)
	author := w.as(t, person{Name: "Aino Asukas"})
	path := author.draft(bench("Penkki"))
	r, err := http.NewRequestWithContext(
		context.Background(),
		http.MethodPost,
		w.url+path+"/images",
		io.LimitReader(endless{}, 64<<20),
	)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/octet-stream")
	r.Header.Set("X-CSRF-Token", author.csrf)
	r.AddCookie(&http.Cookie{Name: "osbu_session", Value: string(author.token)})
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return // cut off while it was sending
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("%d", response.StatusCode)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }
