{{/* What all pods have in common. */}}

{{- define "esg.name" -}}
{{- if contains "esg" .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-esg" .Release.Name | trunc 40 | trimSuffix "-" }}{{ end -}}
{{- end }}

{{- define "esg.image" -}}
{{- $tag := .Values.image.tag | default .Chart.AppVersion -}}
{{ .Values.image.repository }}:{{ $tag }}
{{- end }}

{{/* Of everything in the release. */}}
{{- define "esg.ours" -}}
app.kubernetes.io/name: esg
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "esg.labels" -}}
{{ include "esg.ours" . }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{/* What runs in a pod: (list . "ingest"). Workers are told by a label of their own, too. */}}
{{- define "esg.selector" -}}
{{- $root := index . 0 -}}
{{ include "esg.ours" $root }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- define "esg.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "esg.security" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{/* How every pod is placed and who it is. */}}
{{- define "esg.pod" -}}
automountServiceAccountToken: {{ .Values.service.mountToken }}
enableServiceLinks: false
{{- with .Values.service.account }}
serviceAccountName: {{ . }}
{{- end }}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
securityContext: {{ include "esg.podSecurity" . | nindent 2 }}
{{- end }}

{{/* Pods of a kind on different nodes where there are several: (list . "ingest"). */}}
{{- define "esg.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{ include "esg.selector" . | nindent 8 }}
{{- end }}

{{/* The settings of every process. Variables of the pod itself come after them and go first. */}}
{{- define "esg.settings" -}}
- {name: ESG_HOME, value: /var/lib/esg}
{{- if eq .Values.mode "fleet" }}
- {name: ESG_PRODUCTION, value: "true"} # a pod whose stores are not named ends, and never works on its own disk instead
{{- end }}
{{- range $name, $value := .Values.settings }}
- {name: {{ $name }}, value: {{ $value | toString | quote }}}
{{- end }}
{{- end }}

{{- define "esg.secrets" -}}
{{- with .Values.existingSecret }}
envFrom:
  - secretRef: {name: {{ . }}}
{{- end }}
{{- end }}

{{- define "esg.mounts" -}}
- {name: home, mountPath: /var/lib/esg}
- {name: tmp, mountPath: /tmp}
{{- if .Values.existingFiles }}
- {name: files, mountPath: /etc/esg/files, readOnly: true}
{{- end }}
{{- end }}

{{- define "esg.scratch" -}}
- {name: tmp, emptyDir: {}}
{{- with .Values.existingFiles }}
- {name: files, secret: {secretName: {{ . }}}}
{{- end }}
{{- end }}

{{/* Roll the pods when what they are told has changed. */}}
{{- define "esg.annotations" -}}
esg/settings: {{ toJson (list .Values.settings .Values.existingSecret .Values.existingFiles) | sha256sum }}
{{- with .Values.podAnnotations }}
{{ toYaml . }}
{{- end }}
{{- end }}
