package service

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"osbu/domain"
	"osbu/domain/proposal/gallery"
	"osbu/handlers/api"
)

// s3Bucket is the address of an empty bucket on a server that speaks S3.
func s3Bucket(t *testing.T) (address string) {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("images"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(backend).Server())
	t.Cleanup(server.Close)
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret",
		"AWS_EC2_METADATA_DISABLED": "true",
	} {
		t.Setenv(name, value)
	}
	return "s3://images?region=eu-north-1&use_path_style=true&endpoint=" + server.URL
}

// names are those put before a moment, sorted.
func names(t *testing.T, f gallery.Files, before time.Time) (names []string) {
	t.Helper()
	if err := f.Before(t.Context(), before,
		func(name string) error { names = append(names, name); return nil }); err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	return names
}

// A folder and a bucket do the same.
func TestFiles(t *testing.T) {
	for kind, address := range map[string]string{"folder": "file://" + t.TempDir(), "S3": s3Bucket(t)} {
		t.Run(kind, func(t *testing.T) {
			ctx := t.Context()
			f, err := openFiles(Settings{FilesURL: address})
			if err != nil {
				t.Fatal(err)
			}
			want := []byte("\xff\xd8 a picture")
			if err := f.Put(ctx, "a/full.jpg", want); err != nil {
				t.Fatal(err)
			}
			if err := f.Put(ctx, "a/full.jpg", []byte("another")); err == nil {
				t.Error("got a name that is taken written over, want an error")
			}
			if got, err := f.Get(ctx, "a/full.jpg"); err != nil || !bytes.Equal(got, want) {
				t.Errorf("got %q, %v; want %q", got, err, want)
			}
			if _, err := f.Get(ctx, "b/full.jpg"); domain.KindOf(err) != domain.NotFound {
				t.Errorf("a name that is not there: got %v, want NotFound", err)
			}
			if got := names(t, f, time.Now().Add(-time.Hour)); len(got) != 0 {
				t.Errorf("an hour ago: got %q, want none", got)
			}
			// More than a page of the bucket's list.
			all := []string{"a/full.jpg"}
			for n := range 1001 {
				all = append(all, fmt.Sprintf("n/%04d.jpg", n))
				if err := f.Put(ctx, all[n+1], want); err != nil {
					t.Fatal(err)
				}
			}
			if got := names(t, f, time.Now().Add(time.Hour)); !slices.Equal(got, all) {
				t.Errorf("got %d names, want %d", len(got), len(all))
			}
			for range 2 {
				if err := f.Remove(ctx, "a/full.jpg"); err != nil {
					t.Errorf("removing: %v", err)
				}
			}
			if got := names(t, f, time.Now().Add(time.Hour)); !slices.Equal(got, all[1:]) {
				t.Errorf("after the removal: got %d names, want %d", len(got), len(all)-1)
			}
		})
	}
}

// A picture comes, is shown and goes, with its bytes in a bucket.
func TestImagesInS3(t *testing.T) {
	address := s3Bucket(t)
	w := newWorld(t, func(s *Settings) { s.FilesURL = address })
	w.at(t, duringProposing)
	o := w.official(t)
	o.createRound("r", "helsinki-2026")
	o.step("r", "propose")
	author := w.as(t, person{Name: "Aino Asukas"})
	path := author.draft(bench("Penkki"))
	image := author.added(path)
	f, err := openFiles(w.settings)
	if err != nil {
		t.Fatal(err)
	}
	later := time.Now().Add(2 * time.Hour)
	want := []string{image.Id + "/full.jpg", image.Id + "/small.jpg"}
	if got := names(t, f, later); !slices.Equal(got, want) {
		t.Errorf("got %q in the bucket, want %q", got, want)
	}
	response := author.send("GET", path+"/images/"+image.Id+"/full", nil)
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK || response.Header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("got %s of %s, want a JPEG picture", response.Status, response.Header.Get("Content-Type"))
	}
	if err := f.Put(t.Context(), "zzzz/full.jpg", []byte("x")); err != nil {
		t.Fatal(err)
	}
	if n, err := w.gallery.Sweep(t.Context(), later); n != 1 || err != nil {
		t.Errorf("got %d files swept, %v; want the one of no proposal", n, err)
	}
	var left api.Images
	author.ok("DELETE", path+"/images/"+image.Id, nil, nil)
	author.ok("GET", path+"/images", nil, &left)
	if got := names(t, f, later); len(got) != 0 || len(left.Images) != 0 {
		t.Errorf("after the removal: got %q in the bucket and %d images, want none", got, len(left.Images))
	}
}
