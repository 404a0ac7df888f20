package service

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"osbu/handlers"
	"osbu/sql/box"
	"osbu/sql/db"
	"osbu/sql/office"
	"osbu/sql/testdb"
)

func TestSettingsHaveDefaults(t *testing.T) {
	t.Parallel()
	s, err := ReadSettings(nil)
	if err != nil {
		t.Fatal(err)
	}
	if s.Addr != "127.0.0.1:8080" || s.PublicURL != "http://127.0.0.1:8080" ||
		s.OIDCClaimIdentityCode != "national_id_num" ||
		len(s.OIDCScopes) != 2 ||
		s.OfficeMigrateURL != s.OfficeDatabaseURL ||
		s.BoxMigrateURL != s.BoxDatabaseURL ||
		s.LimitSession != (handlers.Rate{N: 600, Per: time.Minute}) ||
		s.RequestTimeout <= 0 {
		t.Errorf("%+v", s)
	}
	if err := s.needSecrets(); err == nil || !strings.Contains(err.Error(), "OSBU_SEAL_LOGS is not set") ||
		!strings.Contains(err.Error(), "OSBU_PEPPER is not set") {
		t.Errorf("without secrets: %v", err)
	}
}

// Each wrong variable gets one line that names it, and no secret is quoted.
func TestWrongSettingsAreNamed(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]string{
		"OSBU_ADDR": "8080", "OSBU_CITY": "atlantis", "OSBU_PUBLIC_URL": "osbu.example", "OSBU_OIDC_ISSUER": "no address",
		"OSBU_OFFICE_DATABASE_URL": "mysql://u:hidden@h/d", "OSBU_BOX_DATABASE_URL": "hidden",
		"OSBU_OFFICE_MIGRATE_URL": "hidden", "OSBU_BOX_MIGRATE_URL": "hidden",
		"OSBU_SEAL_LOGS": testKey + ",hidden", "OSBU_SEAL_SESSIONS": testKey + "," + testKey, "OSBU_PEPPER": "aGlkZGVu", "OSBU_OFFICE_CONNS": "many", "OSBU_BOX_CONNS": "1",
		"OSBU_LOG_LEVEL": "loud", "OSBU_REQUEST_TIMEOUT": "soon", "OSBU_DRAIN_TIMEOUT": "-1s", "OSBU_DRAIN_DELAY": "1h",
		"OSBU_RELEASE_MIN": "0", "OSBU_RELEASE_EVERY": "7h", "OSBU_WITNESSES": "somebody",
		"OSBU_REPLACEMENT_SHARE": "NaN", "OSBU_SESSION_IDLE": "48h",
		"OSBU_SESSION_LIFETIME": "0s", "OSBU_TRUSTED_PROXIES": "proxy", "OSBU_LIMIT_SESSION": "ten", "OSBU_LIMIT_CODE": "0/m",
		"OSBU_LIMIT_ADDRESS": "5/day",
		"OSBU_LIMIT_SIGN_IN": "/s", "OSBU_LIMIT_WRONG_CODE": "-1/s", "OSBU_LIMIT_WRONG_CODES": "1", "OSBU_LIMIT_CASTING": "0",
		"OSBU_LIMIT_ISSUING": "all",
		"OSBU_PEPPER_FILE":   "/nowhere/at/all", "OSBU_METRICS_ADDR": "127.0.0.1:8080",
		"OSBU_LIMIT_COMMENT": "0/h", "OSBU_LIMIT_RECEIPT": "1200", "OSBU_SHOW_SUPPORTERS": "sometimes",
		"OSBU_MAP_TILES": "https://{s}.example.org/{z}/{x}/{y}.png",
	} {
		_, err := ReadSettings([]string{name + "=" + value})
		if err == nil {
			t.Errorf("%s=%s is taken", name, value)
			continue
		}
		lines := strings.Split(err.Error(), "\n")
		if len(lines) > 2 || !strings.HasPrefix(lines[0], name) || strings.Contains(err.Error(), "hidden") ||
			strings.Contains(err.Error(), "aGlkZGVu") {
			t.Errorf("%s=%s: %v", name, value, err)
		}
	}
}

func TestSecretsFromFiles(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte(testKey+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := ReadSettings([]string{"OSBU_PEPPER_FILE=" + file})
	if err != nil || len(s.Pepper) != 32 {
		t.Errorf("%v: %d bytes", err, len(s.Pepper))
	}
	if _, err := ReadSettings([]string{"OSBU_PEPPER_FILE=" + file, "OSBU_PEPPER=" + testKey}); err == nil ||
		!strings.Contains(err.Error(), "OSBU_PEPPER_FILE") {
		t.Errorf("both given: %v", err)
	}
}

// osbu migrate, twice, and then the server has all it needs.
func TestMigrateCommand(t *testing.T) {
	t.Parallel()
	officeDB, boxDB := testdb.New(t, testdb.Empty, ""), testdb.New(t, testdb.Empty, "")
	s, err := ReadSettings(
		append(
			testSecrets(),
			"OSBU_OFFICE_DATABASE_URL="+officeDB.URL,
			"OSBU_BOX_DATABASE_URL="+boxDB.URL,
		),
	)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := Migrate(context.Background(), s, func(string, string) {}); err != nil {
			t.Fatal(err)
		}
	}
	for _, one := range []struct{ url, role, table string }{
		{s.OfficeDatabaseURL, office.Role, "session"},
		{s.BoxDatabaseURL, box.Role, "manifest"},
	} {
		d, err := db.Open(context.Background(), db.Config{URL: one.url, Role: one.role})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Exec("SELECT FROM " + one.table); err != nil {
			t.Error(err)
		}
		_ = d.Close()
	}
}

// The README has a line for every variable, with its default.
func TestReadmeHasEverySetting(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for f := range reflect.TypeFor[Settings]().Fields() {
		name := "`OSBU_" + f.Tag.Get("env") + "`"
		line := ""
		for l := range strings.Lines(string(text)) {
			if cell, _, _ := strings.Cut(strings.TrimPrefix(l, "|"), "|"); strings.HasPrefix(l, "|") &&
				strings.Contains(cell, name) {
				line = l
			}
		}
		standard := f.Tag.Get("envDefault")
		if line == "" ||
			standard != "" && !strings.HasPrefix(standard, "postgres:") && !strings.Contains(line, "`"+standard+"`") {
			t.Errorf("%s, by default %q, has the line %q", name, standard, line)
		}
		if f.Tag.Get("secret") != "" && !strings.Contains(line, name+" 🔑") {
			t.Errorf("%s may come from a file, but its line is %q", name, line)
		}
	}
}

// The server does not begin with an owner's login in its environment.
func TestServeKnowsNoOwner(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"OSBU_OFFICE_MIGRATE_URL", "OSBU_BOX_MIGRATE_URL"} {
		s, err := ReadSettings(append(testSecrets(), name+"=postgres://owner:hidden@/office"))
		if err != nil {
			t.Fatal(err)
		}
		err = Serve(t.Context(), s)
		if err == nil || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%s: got %v, want a refusal that names it", name, err)
		}
	}
}
