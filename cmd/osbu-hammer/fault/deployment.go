package fault

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"osbu/cmd/osbu-hammer/play"
)

// diskSize is of the memory that stands for the box's data disk: an empty
// cluster and its log take a good half.
const diskSize = "256m"

// deployment is a whole service of our own, office and box on a PostgreSQL
// each, in a folder that goes away with it.
type deployment struct {
	Config
	dir            string
	office, box    *cluster
	spare          []*cluster // more of them, see standby.go and restore.go
	disk           string     // the box's, if it is one that can be filled
	server, signIn *process
	address        string // of the server
	url            string // of the service, for voters
	front          *proxy // between voters and server
	officeWire     *proxy // between server and database
	boxWire        *proxy
	secret         string // of the sign-in's client; empty: one is drawn
	env            []string
	rehearsal      *play.Rehearsal
	witness        *witness
	crowds
}

// build makes the folder and starts both databases.
func build(ctx context.Context, c Config, options ...string) (t *deployment, err error) {
	t = &deployment{Config: c}
	if t.dir, err = os.MkdirTemp("/var/tmp", "osbu-crash-"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, t.close())
		}
	}()
	if err := os.Chmod(t.dir, 0o711); err != nil {
		return nil, err
	}
	t.office = &cluster{name: "office", dir: filepath.Join(t.dir, "office"), options: options}
	t.box = &cluster{
		name:    "box",
		dir:     filepath.Join(t.dir, "box"),
		options: append([]string{"-c", "min_wal_size=32MB", "-c", "max_wal_size=48MB"}, options...),
	}
	if c.Disk {
		t.mount()
	}
	return t, errors.Join(t.office.start(ctx), t.box.start(ctx))
}

// mount gives the box a small disk in memory, where we may.
func (t *deployment) mount() {
	err := os.Mkdir(t.box.dir, 0o711)
	if err == nil {
		err = syscall.Mount(
			"osbu-crash",
			t.box.dir,
			"tmpfs",
			syscall.MS_NOSUID|syscall.MS_NODEV|syscall.MS_NOEXEC,
			"mode=0711,size="+diskSize,
		)
	}
	if err != nil {
		t.Note(
			fmt.Sprintf(
				"LEFT OUT: a full disk. Mounting a small tmpfs as the box's data disk is not allowed here (%v): run as root",
				err,
			),
		)
		return
	}
	t.disk = t.box.dir
}

// serve migrates and starts sign-in and server, whose database URLs are these;
// wired puts proxies between all of them.
func (t *deployment) serve(ctx context.Context, officeHost, boxHost string, wired bool) (err error) {
	free, err := freePorts(2)
	if err != nil {
		return err
	}
	signIn := free[1]
	t.address = free[0]
	t.url = "http://" + t.address
	if wired {
		if err := t.wire(&officeHost, &boxHost); err != nil {
			return err
		}
	}
	env, err := t.migrate(ctx, officeHost, boxHost, "http://"+signIn)
	if err != nil {
		return err
	}
	people := filepath.Join(t.dir, "people.json")
	official, err := json.Marshal([]map[string]any{{
		"sub": "official", "name": "Olavi Virkamies",
		"about":  map[string]string{"fi": "virkamies", "sv": "tjänsteman", "en": "official"},
		"claims": map[string]any{"name": "Olavi Virkamies", "locale": "fi", "roles": []string{"official"}},
	}})
	if err != nil {
		return err
	}
	if err := os.WriteFile(people, official, 0o600); err != nil {
		return err
	}
	t.signIn = &process{
		args: []string{
			"node",
			"frontend/signin/provider.mjs",
			"--people",
			people,
			"--addr",
			signIn,
			"--redirect",
			t.url + "/api/v1/sign-in/callback",
		},
		env: env, log: filepath.Join(t.dir, "signin.log"),
	}
	t.server = &process{args: []string{t.Osbu, "serve"}, env: t.env, log: filepath.Join(t.dir, "osbu.log")}
	if err := errors.Join(t.signIn.start(), t.server.start()); err != nil {
		return err
	}
	if err := await(ctx, "the sign-in", func(ctx context.Context) error {
		_, err := get(ctx, "http://"+signIn+"/.well-known/openid-configuration")
		return err
	}); err != nil {
		return fmt.Errorf("%w: %s", err, t.signIn.said())
	}
	return t.ready(ctx)
}

// migrate makes the tables, and gives all settings; the server's are without
// the owners' logins.
func (t *deployment) migrate(ctx context.Context, officeHost, boxHost, issuer string) (env []string, err error) {
	if env, err = t.settings(officeHost, boxHost, issuer); err != nil {
		return nil, err
	}
	migrate := exec.CommandContext(ctx, t.Osbu, "migrate")
	migrate.Env = append(os.Environ(), env...)
	t.env = slices.DeleteFunc(slices.Clone(env), func(setting string) bool {
		return strings.Contains(setting, "_MIGRATE_URL=")
	})
	return env, run(migrate)
}

// wire puts proxies between voters and server, and between server and
// databases.
func (t *deployment) wire(officeHost, boxHost *string) (err error) {
	if t.front, err = listen("tcp", "127.0.0.1:0", t.address); err != nil {
		return err
	}
	t.url = "http://" + t.front.listener.Addr().String()
	for _, w := range []struct {
		wire **proxy
		host *string
		c    *cluster
	}{{&t.officeWire, officeHost, t.office}, {&t.boxWire, boxHost, t.box}} {
		*w.host = filepath.Join(t.dir, w.c.name+"-wire")
		if err := os.Mkdir(*w.host, 0o700); err != nil {
			return err
		}
		if *w.wire, err = listen("unix", filepath.Join(*w.host, ".s.PGSQL.5432"), w.c.socket()); err != nil {
			return err
		}
	}
	return nil
}

// settings are the server's environment, beside which no setting of ours
// counts.
func (t *deployment) settings(officeHost, boxHost, issuer string) ([]string, error) {
	env := []string{
		"OSBU_ADDR=" + t.address, "OSBU_PUBLIC_URL=" + t.url, "OSBU_OIDC_ISSUER=" + issuer, "OSBU_OIDC_CLIENT_ID=osbu",
		"OSBU_ROUND_KEYS=" + t.dir, "OSBU_RELEASE_MIN=10", "OSBU_RELEASE_EVERY=1s",
		"OSBU_LIMIT_ADDRESS=off", "OSBU_LIMIT_RECEIPT=off", "OSBU_LIMIT_SESSION=off", "OSBU_LIMIT_SIGN_IN=off",
		"OSBU_LIMIT_WRONG_CODE=off", "OSBU_LIMIT_WRONG_CODES=off",
	}
	for _, name := range []string{
		"SEAL_ISSUERS", "SEAL_LOGS", "SEAL_OPENINGS", "SEAL_ADDRESSES", "SEAL_SESSIONS", "PEPPER", "OIDC_CLIENT_SECRET",
	} {
		random := make([]byte, 32)
		_, _ = rand.Read(random) // never fails
		secret := base64.StdEncoding.EncodeToString(random)
		if name == "OIDC_CLIENT_SECRET" && t.secret != "" {
			secret = t.secret
		}
		env = append(env, "OSBU_"+name+"="+secret)
	}
	for _, side := range []struct {
		c    *cluster
		host string
	}{{t.office, officeHost}, {t.box, boxHost}} {
		for name, hosts := range map[string]string{"": side.host, "-migrate": side.c.home()} {
			address, err := side.c.url(side.c.name+name, hosts)
			if err != nil {
				return nil, err
			}
			setting := map[string]string{"": "_DATABASE_URL=", "-migrate": "_MIGRATE_URL="}[name]
			env = append(env, "OSBU_"+strings.ToUpper(side.c.name)+setting+address+"&target_session_attrs=read-write")
		}
	}
	return env, nil
}

// open makes the rehearsal and opens its vote.
func (t *deployment) open(ctx context.Context) error {
	official, err := play.SignIn(ctx, t.url, "official")
	if err != nil {
		return err
	}
	t.rehearsal, err = play.Open(
		ctx,
		play.Config{
			URL:      t.url,
			Official: official,
			Election: t.Election,
			Within:   time.Hour,
			Round:    "crash",
			Note:     t.Note,
			Voted:    func() {},
		},
	)
	if err != nil {
		return err
	}
	t.witness = newWitness(t.url, t.rehearsal.Manifest())
	return nil
}

// ready waits until the service is: nobody helps it.
func (t *deployment) ready(ctx context.Context) error {
	err := await(ctx, "the service to be ready", func(ctx context.Context) error {
		if t.server.ended() {
			return fmt.Errorf("the server ended")
		}
		_, err := get(ctx, "http://"+t.address+"/readiness")
		return err
	})
	if err != nil {
		return fmt.Errorf("%w; the server said: %s", err, t.server.said())
	}
	return nil
}

// close ends everything that was started, and leaves nothing behind.
func (t *deployment) close() (err error) {
	for _, p := range []*process{t.server, t.signIn} {
		if p != nil {
			p.stop()
		}
	}
	for _, p := range []*proxy{t.front, t.officeWire, t.boxWire} {
		if p != nil {
			p.close()
		}
	}
	for _, c := range append(t.spare, t.office, t.box) {
		if c != nil {
			err = errors.Join(err, c.forget())
		}
	}
	if t.disk != "" {
		err = errors.Join(err, syscall.Unmount(t.disk, 0))
	}
	return errors.Join(err, os.RemoveAll(t.dir))
}

// freePorts are so many addresses of this machine where nobody listens. They
// lie below the ports that the kernel deals out, or the voters' own connections
// might be dealt the server's while it is down.
func freePorts(n int) (addresses []string, err error) {
	for len(addresses) < n {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 10_000+mathrand.IntN(20_000)))
		if errors.Is(err, syscall.EADDRINUSE) {
			continue
		}
		if err != nil {
			return nil, err
		}
		defer func() { _ = l.Close() }() // not before all are found, or one might be found twice
		addresses = append(addresses, l.Addr().String())
	}
	return addresses, nil
}

var visitor = &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}

// refusal is an answer that is not 200.
type refusal struct {
	path   string
	status int
	text   []byte
}

func (r *refusal) Error() string { return fmt.Sprintf("%s: %d %s", r.path, r.status, r.text) }

// insist is get until there is an answer that asking again would not change.
func insist(ctx context.Context, address string) (text []byte, err error) {
	var last error
	err = await(ctx, address, func(ctx context.Context) error {
		text, last = get(ctx, address)
		if r, ok := errors.AsType[*refusal](last); ok && r.status < http.StatusInternalServerError {
			return nil
		}
		return last
	})
	if err == nil {
		err = last
	}
	return text, err
}

// get reads a page; any status but 200 is an error.
func get(ctx context.Context, address string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	response, err := visitor.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = &refusal{request.URL.Path, response.StatusCode, text}
	}
	return text, err
}
