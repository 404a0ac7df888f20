package service

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	_ "gocloud.dev/blob/s3blob" // s3:// addresses
	"gocloud.dev/gcerrors"

	"osbu/domain"
	"osbu/domain/picture"
	"osbu/domain/proposal/gallery"
)

// files keeps images in the store that OSBU_FILES_URL names: a folder, or a
// bucket that speaks S3.
type files struct{ bucket *blob.Bucket }

// openFiles reads the setting; nil if there is none. Nothing is fetched yet. A
// folder is made where there is none, and gets no files of attributes.
func openFiles(s Settings) (gallery.Files, error) {
	if s.FilesURL == "" {
		return nil, nil
	}
	wrong := fmt.Errorf("%sFILES_URL: want file:///PATH of a folder to write in, or s3://BUCKET?region=REGION", prefix)
	u, err := url.Parse(s.FilesURL)
	if err != nil ||
		u.Scheme != "s3" && (u.Scheme != fileblob.Scheme || !strings.HasPrefix(u.Path, "/") || u.Host != "") {
		return nil, wrong
	}
	if u.Scheme == fileblob.Scheme {
		query := u.Query()
		query.Set("create_dir", "true")
		query.Set("metadata", "skip")
		query.Set("dir_file_mode", "0700")
		query.Set("no_tmp_dir", "true") // so that a file gets its name by a rename on the same disk
		u.RawQuery = query.Encode()
	}
	bucket, err := blob.OpenBucket(context.Background(), u.String())
	if err != nil {
		return nil, wrong // the driver's own words could quote a secret
	}
	return files{bucket}, nil
}

// Put implements gallery.Files.
func (f files) Put(ctx context.Context, name string, content []byte) error {
	return f.bucket.WriteAll(ctx, name, content, &blob.WriterOptions{
		ContentType: picture.Type, IfNotExist: true, BeforeWrite: onlyOurs,
	})
}

// onlyOurs keeps other users of the machine from a file in a folder: drafts'
// images are their authors' alone.
func onlyOurs(as func(any) bool) error {
	var file *os.File
	if as(&file) {
		return file.Chmod(0o600)
	}
	return nil
}

// Get implements gallery.Files.
func (f files) Get(ctx context.Context, name string) ([]byte, error) {
	content, err := f.bucket.ReadAll(ctx, name)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, domain.Fail(domain.NotFound, domain.CodeNotFound, "the file store has no such image")
	}
	return content, err
}

// Remove implements gallery.Files.
func (f files) Remove(ctx context.Context, name string) error {
	if err := f.bucket.Delete(ctx, name); gcerrors.Code(err) != gcerrors.NotFound {
		return err
	}
	return nil
}

// Before implements gallery.Files.
func (f files) Before(ctx context.Context, moment time.Time, each func(name string) error) error {
	for all := f.bucket.List(nil); ; {
		one, err := all.Next(ctx)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case one.ModTime.Before(moment):
			if err := each(one.Key); err != nil {
				return err
			}
		}
	}
}
