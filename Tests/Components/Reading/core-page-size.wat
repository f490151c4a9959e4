;; expect: component.feature.customPageSizes
;;
;; Pages of one byte make every bound here mean something else.
(component (core module (memory 1 (pagesize 1))))
